import { ApiProperty, ApiSchema, IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { ExternalIdDto } from '../../platform/http/external-id.dto.js';
import { PageDto } from '../../platform/http/list.dto.js';
import { MoneyDto } from '../../platform/http/money.dto.js';
import { CONTACT_KINDS, type ContactKind } from '../domain/contact-point.js';
import { GENDERS, type Gender } from '../domain/details.js';

export const STATUSES = ['active', 'deleted', 'erased'] as const;

@ApiSchema({ name: 'ContactPoint' })
export class ContactPointDto {
  @ApiProperty({ enum: CONTACT_KINDS, example: 'phone' })
  kind: ContactKind;

  /** As it was given. */
  @ApiProperty({ example: '138 1234 5678' })
  value: string;

  /** A phone in E.164, an e-mail address with its domain in lower case; null for other kinds. */
  @ApiProperty({ type: String, nullable: true, example: '+8613812345678' })
  normalized: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'home' })
  label: string | null;

  /** True if others are reached here too. */
  shared: boolean;
}

@ApiSchema({ name: 'Address' })
export class AddressDto {
  @ApiProperty({ type: String, nullable: true, example: 'home' })
  label: string | null;

  @ApiProperty({ type: String, nullable: true, example: '李娜' })
  recipient: string | null;

  @ApiProperty({ type: String, nullable: true, example: '中山东一路 12 号' })
  line: string | null;

  @ApiProperty({ type: String, nullable: true, example: '200002' })
  postcode: string | null;

  @ApiProperty({ type: String, nullable: true, example: '上海' })
  city: string | null;

  @ApiProperty({ type: String, nullable: true, example: '上海市' })
  province: string | null;

  /** ISO 3166-1 alpha-2. */
  @ApiProperty({ type: String, nullable: true, example: 'CN' })
  country: string | null;
}

@ApiSchema({ name: 'Customer' })
export class CustomerDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  /** What the ETag says. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 3 })
  version: number;

  @ApiProperty({ enum: STATUSES, example: 'active' })
  status: (typeof STATUSES)[number];

  @ApiProperty({ enum: GENDERS, nullable: true, example: 'female' })
  gender: Gender | null;

  /** Preferred language as a BCP 47 tag. */
  @ApiProperty({ type: String, nullable: true, example: 'zh-CN' })
  language: string | null;

  /** Where they came from: `api`, `import`, or what the caller said. */
  @ApiProperty({ example: 'api' })
  source: string;

  @ApiProperty({ type: [String], example: ['vip'] })
  tags: string[];

  /** When somebody first knew them. */
  @ApiProperty({ format: 'date-time', example: '2021-05-04T10:00:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  updatedAt: string;

  /** Whole years today. */
  @ApiProperty({ type: 'integer', nullable: true, example: 35 })
  age: number | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, example: '1990-06-15' })
  bornOn: string | null;

  @ApiProperty({ type: String, nullable: true, example: '李娜' })
  name: string | null;

  @ApiProperty({ type: [ContactPointDto] })
  contactPoints: ContactPointDto[];

  /** The main one first. */
  @ApiProperty({ type: [AddressDto] })
  addresses: AddressDto[];

  @ApiProperty({ type: String, nullable: true, example: 'prefers to be called in the evening' })
  note: string | null;

  @ApiProperty({ type: [ExternalIdDto] })
  externalIds: ExternalIdDto[];
}

@ApiSchema({ name: 'CurrencyTotals' })
export class CurrencyTotalsDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2 })
  orderCount: number;

  @ApiProperty({ type: MoneyDto })
  totalSpent: MoneyDto;

  @ApiProperty({ type: MoneyDto })
  totalRefunded: MoneyDto;
}

/** What they bought. Cancelled orders do not count; refunds are not taken off what was spent, they stand beside it. */
@ApiSchema({ name: 'PurchaseTotals' })
export class PurchaseTotalsDto {
  /** Orders in all currencies. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 3 })
  orderCount: number;

  /** In the server's own currency. */
  @ApiProperty({ type: MoneyDto })
  totalSpent: MoneyDto;

  @ApiProperty({ type: MoneyDto })
  totalRefunded: MoneyDto;

  /** Of orders in other currencies, which are not converted. */
  @ApiProperty({ type: [CurrencyTotalsDto] })
  otherCurrencies: CurrencyTotalsDto[];

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2025-11-11T02:00:00.000Z' })
  firstOrderAt: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-10T02:00:00.000Z' })
  lastOrderAt: string | null;

  /** Days between the first order and the last, over the gaps between them; null below two orders. */
  @ApiProperty({ type: Number, nullable: true, example: 30 })
  meanIntervalDays: number | null;
}

/** A customer as lists show it: with the totals, and with the `fields` asked for only, so that nothing but the id is sure to be there. */
@ApiSchema({ name: 'CustomerListItem' })
export class CustomerListItemDto extends IntersectionType(PickType(CustomerDto, ['id']), PartialType(OmitType(CustomerDto, ['id']))) {
  @ApiProperty({ type: PurchaseTotalsDto, required: false })
  purchases?: PurchaseTotalsDto;
}

@ApiSchema({ name: 'CustomerList' })
export class CustomerListDto {
  @ApiProperty({ type: [CustomerListItemDto] })
  data: CustomerListItemDto[];

  @ApiProperty({ type: PageDto })
  page: PageDto;

  /** Up to when the totals are complete; null before the first order event. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-01-15T08:00:00.000Z' })
  asOf: string | null;
}

@ApiSchema({ name: 'CustomerReference' })
export class CustomerReferenceDto {
  @ApiProperty({ format: 'uuid' })
  id: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version: number;
}

