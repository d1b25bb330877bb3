import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, IsUUID, MaxLength } from 'class-validator';
import { Omittable } from '../../platform/http/merge-patch.js';
import { LONGEST_TAG, MOST_TAGS } from '../domain/tags.js';

const MOST_CUSTOMERS = 1000;

@ApiSchema({ name: 'Tagging' })
export class TaggingDto {
  @ApiProperty({ type: [String], format: 'uuid', minItems: 1, maxItems: MOST_CUSTOMERS })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_CUSTOMERS) @IsUUID(undefined, { each: true })
  customerIds: string[];

  /** Tags to put on. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_TAGS, example: ['vip'] })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_TAGS) @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true })
  add?: string[];

  /** Tags to take off; wins over `add`. */
  @ApiPropertyOptional({ type: [String], maxItems: MOST_TAGS, example: ['new'] })
  @Omittable() @IsArray() @ArrayMaxSize(MOST_TAGS) @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true })
  remove?: string[];
}

/** Each customer given is in exactly one list. */
@ApiSchema({ name: 'TaggingResult' })
export class TaggingResultDto {
  @ApiProperty({ type: [String], format: 'uuid' })
  changed: string[];

  @ApiProperty({ type: [String], format: 'uuid' })
  unchanged: string[];

  /** Unknown, deleted or erased. */
  @ApiProperty({ type: [String], format: 'uuid' })
  missing: string[];

  /** Would have had more tags than a customer may have. */
  @ApiProperty({ type: [String], format: 'uuid' })
  tooMany: string[];
}

@ApiSchema({ name: 'TagCount' })
export class TagCountDto {
  @ApiProperty({ example: 'vip' })
  tag: string;

  /** Active customers who have it. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 120 })
  customers: number;
}
