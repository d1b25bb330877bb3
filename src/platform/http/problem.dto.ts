import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** One wrong field of a request. */
@ApiSchema({ name: 'FieldProblem' })
export class FieldProblemDto {
  /** A JSON pointer into the body, or `?name` for a query parameter. */
  @ApiProperty({ example: '/contactPoints/0/value' })
  pointer: string;

  /** Stable, lower_snake. */
  @ApiProperty({ example: 'is_email' })
  code: string;

  /** What is wrong and how to mend it; the wording may change. */
  @ApiProperty({ example: 'must be an e-mail address' })
  detail: string;
}

/** Every error this API answers, as RFC 9457 `application/problem+json`. Some codes add members of their own. */
@ApiSchema({ name: 'Problem' })
export class ProblemDto {
  /** The page that explains this code. */
  @ApiProperty({ format: 'uri-reference', example: '/docs/problems#version_conflict' })
  type: string;

  /** The kind of error, in English or Chinese by Accept-Language. */
  @ApiProperty({ example: 'Changed by someone else' })
  title: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 412 })
  status: number;

  /** What was refused, with which values, and what to do. */
  @ApiProperty({ example: 'The customer 0192f0c1-2b3c-7def-8abc-1234567890ab was changed by someone else since you read it.' })
  detail: string;

  /** Stable, lower_snake: what programs decide by. */
  @ApiProperty({ example: 'version_conflict' })
  code: string;

  /** The wrong fields, where the request had such. */
  @ApiProperty({ type: [FieldProblemDto], required: false })
  errors?: FieldProblemDto[];

  /** Name it when you ask for help; the log has it too. */
  @ApiProperty({ example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  requestId: string;
}
