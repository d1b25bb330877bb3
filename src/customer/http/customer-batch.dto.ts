import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { ProblemDto } from '../../platform/http/problem.dto.js';
import { CreateCustomerDto } from './customer-input.dto.js';
import { CustomerReferenceDto } from './customer.dto.js';

const MOST_ITEMS = 200;

@ApiSchema({ name: 'CustomerBatch' })
export class CustomerBatchDto {
  /** Each is created or, where somebody has one of its external ids (without any: its phone or e-mail address), merged into what is there. */
  @ApiProperty({ type: [CreateCustomerDto], minItems: 1, maxItems: MOST_ITEMS })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MOST_ITEMS) @Type(() => CreateCustomerDto) @ValidateNested({ each: true })
  items: CreateCustomerDto[];
}

@ApiSchema({ name: 'CustomerBatchOutcome' })
export class CustomerBatchOutcomeDto {
  /** Place in `items`, from 0. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  index: number;

  /** What the single request would have answered: 201 created, 200 found, or the status of the problem. */
  @ApiProperty({ type: 'integer', example: 201 })
  status: number;

  @ApiPropertyOptional({ type: CustomerReferenceDto })
  data?: CustomerReferenceDto;

  @ApiPropertyOptional({ type: ProblemDto })
  problem?: ProblemDto;
}

@ApiSchema({ name: 'CustomerBatchResult' })
export class CustomerBatchResultDto {
  @ApiProperty({ type: [CustomerBatchOutcomeDto] })
  data: CustomerBatchOutcomeDto[];
}
