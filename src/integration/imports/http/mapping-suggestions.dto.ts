import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { ColumnRuleDto } from './imports.dto.js';

export class MappingSuggestionsQuery {
  /** One of GET /v1/imports/resources; all the caller may import if absent. */
  @ApiPropertyOptional({ maxLength: 100, example: 'customers' })
  @IsOptional() @IsString() @MaxLength(100)
  resource?: string;

  /** What the file's own system is called in `externalIds.<system>`, where former imports and the headers do not say. Take the same for files that speak of each other. */
  @ApiPropertyOptional({ pattern: '^[a-z0-9_-]{1,40}$', default: 'import', example: 'olist' })
  @IsOptional() @Matches(/^[a-z0-9_-]{1,40}$/, { message: 'system must be 1 to 40 lower-case letters, digits, - or _' })
  system?: string;
}

@ApiSchema({ name: 'SuggestedColumn' })
export class SuggestedColumnDto {
  /** The file's. */
  @ApiProperty({ example: 'customer_city' })
  column: string;

  /** Ours. */
  @ApiProperty({ example: 'address.city' })
  suggestedFor: string;

  @ApiProperty({ type: 'number', minimum: 0, maximum: 1, example: 0.946 })
  confidence: number;

  /** `learned` from former imports of such a header, the `same_name`, an `alias` other systems have for it, a `similar` header, or what its `values` look like. */
  @ApiProperty({ enum: ['learned', 'same_name', 'alias', 'similar', 'values'], example: 'alias' })
  because: string;
}

/** What is probably what, for one resource. */
@ApiExtraModels(ColumnRuleDto)
@ApiSchema({ name: 'MappingSuggestion' })
export class MappingSuggestionDto {
  @ApiProperty({ example: 'customers' })
  resource: string;

  /** How well the file fits the resource, to compare resources by. */
  @ApiProperty({ type: 'number', minimum: 0, maximum: 1, example: 0.756 })
  score: number;

  /** Goes into POST /v1/imports as it is. Empty if nothing was found. */
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(ColumnRuleDto) }, example: { 'address.city': { column: 'customer_city' } } })
  mapping: Readonly<Record<string, ColumnRuleDto>>;

  @ApiProperty({ type: [SuggestedColumnDto] })
  columns: readonly SuggestedColumnDto[];

  /** Required columns of ours that were not found; the import is refused until they are mapped. */
  @ApiProperty({ type: [String], example: [] })
  missing: readonly string[];

  /** Columns of the file that nothing was suggested for. */
  @ApiProperty({ type: [String], example: ['customer_id'] })
  unmapped: readonly string[];
}

@ApiSchema({ name: 'MappingSuggestionList' })
export class MappingSuggestionListDto {
  /** The best fit first. */
  @ApiProperty({ type: [MappingSuggestionDto] })
  data: readonly MappingSuggestionDto[];
}
