import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

/** What every list takes. Filters, `sort` and `fields` are added by each list from its own allow-lists. */
export class ListQuery {
  /** Rows on a page. */
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(MAX_LIMIT)
  limit: number = DEFAULT_LIMIT;

  /** `page.nextCursor` of the page before, as it came. */
  @ApiPropertyOptional()
  @IsOptional() @IsString() @MaxLength(1000)
  cursor?: string;
}

export class CountedListQuery extends ListQuery {
  /** Adds `page.total`: `exact` counts (up to 10,000, then says so), `estimate` asks the planner. */
  @ApiPropertyOptional({ enum: ['exact', 'estimate'] })
  @IsOptional() @IsIn(['exact', 'estimate'])
  total?: 'exact' | 'estimate';
}

export class PageDto {
  /** Give it back as `cursor` for the next page; null on the last. */
  @ApiProperty({ type: String, nullable: true })
  nextCursor: string | null;

  hasMore: boolean;

  @ApiPropertyOptional({ type: 'integer', minimum: 0, description: 'Only with total=exact or estimate.' })
  total?: number;

  @ApiPropertyOptional({ description: 'True if there are more than 10,000 and counting stopped there.' })
  totalIsLowerBound?: boolean;
}
