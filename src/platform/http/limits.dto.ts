import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Limits' })
export class LimitsDto {
  /** Bytes of a JSON body. */
  @ApiProperty({ type: 'integer', example: 1_048_576 })
  bodyBytes: number;

  /** Bytes of a streamed upload, as sent. */
  @ApiProperty({ type: 'integer', example: 52_428_800 })
  uploadBytes: number;

  /** Bytes of a whole file that comes in chunks, and of any file once unpacked. */
  @ApiProperty({ type: 'integer', example: 1_073_741_824 })
  fileBytes: number;

  /** Levels a JSON body may be nested. */
  @ApiProperty({ type: 'integer', example: 50 })
  bodyDepth: number;

  /** Members and items of a JSON body, over all levels. */
  @ApiProperty({ type: 'integer', example: 10_000 })
  bodyMembers: number;

  /** Rows on a page where `limit` is not given. */
  @ApiProperty({ type: 'integer', example: 50 })
  defaultPageSize: number;

  /** The largest `limit`. */
  @ApiProperty({ type: 'integer', example: 200 })
  maxPageSize: number;

  /** How long one statement on the database may take. */
  @ApiProperty({ example: 'PT5S' })
  statementTimeout: string;

  /** How long the answer to an Idempotency-Key is kept. */
  @ApiProperty({ example: 'PT24H' })
  idempotencyKept: string;

  /** How long Wait-For-Event waits. */
  @ApiProperty({ example: 'PT2S' })
  waitForEvent: string;

  /** Requests one process works on at once; further ones are told to come back (503). */
  @ApiProperty({ type: 'integer', example: 512 })
  concurrentRequests: number;

  /** Streams of server-sent events one process holds open; further ones are told to come back (503). */
  @ApiProperty({ type: 'integer', example: 1_000 })
  streams: number;

  /** Of those, how many one user or API key may have; further ones are refused (429). */
  @ApiProperty({ type: 'integer', example: 50 })
  streamsPerCaller: number;
}
