import { ApiProperty, ApiSchema } from '@nestjs/swagger';

const ID = '0192f0c1-2b3c-7def-8abc-1234567890ab';

@ApiSchema({ name: 'ResumableUpload' })
export class ResumableUploadDto {
  @ApiProperty({ format: 'uuid', example: ID })
  id: string;

  /** `receiving` until all of it is here, `analysing` until it was looked into, then `ready`: an upload like others, under the same id at /v1/uploads. `refused` if it is no table; the operation's error says why. */
  @ApiProperty({ type: String, enum: ['receiving', 'analysing', 'ready', 'refused'], example: 'receiving' })
  status: string;

  @ApiProperty({ type: 'integer', minimum: 1, example: 104_857_600 })
  totalBytes: number;

  /** Bytes that are here, and so where the next chunk begins. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 52_428_800 })
  receivedBytes: number;

  /** What looks into the file once all of it is here. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: null })
  operationId: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  /** When it is deleted unless more of it comes. */
  @ApiProperty({ format: 'date-time', example: '2026-01-16T08:00:00.000Z' })
  expiresAt: Date;
}
