import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Trimmed } from './trimmed.js';

const SYSTEM = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const LONGEST_ID = 200;

/** What another system calls a record of ours. */
@ApiSchema({ name: 'ExternalId' })
export class ExternalIdDto {
  /** The other system's short name. */
  @ApiProperty({ pattern: SYSTEM.source, example: 'shopify' })
  @Matches(SYSTEM, { message: 'system must be 1 to 40 lower-case letters, digits, - or _' })
  system: string;

  /** What that system calls it; names one record of a kind only. */
  @ApiProperty({ minLength: 1, maxLength: LONGEST_ID, example: '7305' })
  @Trimmed() @IsString() @MinLength(1) @MaxLength(LONGEST_ID)
  id: string;
}
