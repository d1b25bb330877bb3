import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { IsAmount } from '../../platform/http/query-values.js';

export const CURRENCY = /^[A-Z]{3}$/;
/** A word of the shop's own list. Free text would hold what people said of each other, outside the seal. */
export const REASON = /^[a-z][a-z0-9_]{0,59}$/;

@ApiSchema({ name: 'MoneyInput' })
export class MoneyInputDto {
  /** Decimal, zero or more, with at most the currency's own digits. */
  @ApiProperty({ pattern: '^\\d{1,16}(\\.\\d{1,4})?$', example: '199.00' })
  @IsString() @IsAmount()
  amount: string;

  /** ISO 4217; the order's. */
  @ApiProperty({ pattern: CURRENCY.source, example: 'CNY' })
  @Matches(CURRENCY, { message: 'currency must be three capital letters such as CNY' })
  currency: string;
}
