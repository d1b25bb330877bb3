import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Money' })
export class MoneyDto {
  /** Decimal, with exactly the currency's own digits. */
  @ApiProperty({ example: '199.00' })
  amount: string;

  /** ISO 4217. */
  @ApiProperty({ minLength: 3, maxLength: 3, example: 'CNY' })
  currency: string;
}
