import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { ExternalIdDto } from '../../platform/http/external-id.dto.js';
import { Clearable, Omittable } from '../../platform/http/merge-patch.js';
import { IsInstant } from '../../platform/http/query-values.js';
import { CONTACT_KINDS, MOST_CONTACT_POINTS, type ContactKind } from '../domain/contact-point.js';
import { GENDERS, LONGEST_NAME, LONGEST_NOTE, type Gender } from '../domain/details.js';
import { MOST_EXTERNAL_IDS, SYSTEM } from '../domain/external-ids.js';
import { MOST_ADDRESSES } from '../domain/postal-address.js';
import { LONGEST_TAG, MOST_TAGS } from '../domain/tags.js';
import type { CustomerInput } from '../use-cases/register-customer.js';

const LONGEST_PART = 200;

@ApiSchema({ name: 'ContactPointInput' })
export class ContactPointInputDto {
  @ApiProperty({ enum: CONTACT_KINDS, example: 'phone' })
  @IsIn(CONTACT_KINDS)
  kind: ContactKind;

  /** As people write it. A phone without a country code is read as one of the server's region. */
  @ApiProperty({ minLength: 1, maxLength: 254, example: '138 1234 5678' })
  @IsString() @MaxLength(254)
  value: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_PART, example: 'home' })
  @Clearable() @IsString() @MaxLength(LONGEST_PART)
  label?: string | null;

  /** True if others are reached here too (a family's phone): it then identifies nobody. A phone or e-mail that is not shared belongs to one customer only. */
  @ApiPropertyOptional({ default: false })
  @Omittable() @IsBoolean()
  shared?: boolean;
}

@ApiSchema({ name: 'AddressInput' })
export class AddressInputDto {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_PART, example: 'home' })
  @Clearable() @IsString() @MaxLength(LONGEST_PART)
  label?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_PART, example: '李娜' })
  @Clearable() @IsString() @MaxLength(LONGEST_PART)
  recipient?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 500, example: '中山东一路 12 号' })
  @Clearable() @IsString() @MaxLength(500)
  line?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 20, example: '200002' })
  @Clearable() @IsString() @MaxLength(20)
  postcode?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_PART, example: '上海' })
  @Clearable() @IsString() @MaxLength(LONGEST_PART)
  city?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_PART, example: '上海市' })
  @Clearable() @IsString() @MaxLength(LONGEST_PART)
  province?: string | null;

  /** ISO 3166-1 alpha-2. */
  @ApiPropertyOptional({ type: String, nullable: true, minLength: 2, maxLength: 2, example: 'CN' })
  @Clearable() @IsString() @MaxLength(2)
  country?: string | null;
}

/** A merge patch: what is left out stays, `null` clears, a list replaces the whole list. */
@ApiSchema({ name: 'CustomerChange' })
export class ChangeCustomerDto {
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_NAME, example: '李娜' })
  @Clearable() @IsString() @MaxLength(LONGEST_NAME)
  name?: string | null;

  @ApiPropertyOptional({ enum: GENDERS, nullable: true, example: 'female' })
  @Clearable() @IsIn(GENDERS)
  gender?: Gender | null;

  /** The birthday; the age follows from it. */
  @ApiPropertyOptional({ type: String, format: 'date', nullable: true, example: '1990-06-15' })
  @Clearable() @IsString() @MaxLength(10)
  bornOn?: string | null;

  /** Preferred language as a BCP 47 tag. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: 35, example: 'zh-CN' })
  @Clearable() @IsString() @MaxLength(35)
  language?: string | null;

  @ApiPropertyOptional({ type: [ContactPointInputDto], nullable: true, maxItems: MOST_CONTACT_POINTS })
  @Clearable() @IsArray() @ArrayMaxSize(MOST_CONTACT_POINTS) @Type(() => ContactPointInputDto) @ValidateNested({ each: true })
  contactPoints?: ContactPointInputDto[] | null;

  /** The first is the main one: its country, province and city are what lists filter by. */
  @ApiPropertyOptional({ type: [AddressInputDto], nullable: true, maxItems: MOST_ADDRESSES })
  @Clearable() @IsArray() @ArrayMaxSize(MOST_ADDRESSES) @Type(() => AddressInputDto) @ValidateNested({ each: true })
  addresses?: AddressInputDto[] | null;

  /** Free text about the person. */
  @ApiPropertyOptional({ type: String, nullable: true, maxLength: LONGEST_NOTE })
  @Clearable() @IsString() @MaxLength(LONGEST_NOTE)
  note?: string | null;

  @ApiPropertyOptional({ type: [ExternalIdDto], nullable: true, maxItems: MOST_EXTERNAL_IDS })
  @Clearable() @IsArray() @ArrayMaxSize(MOST_EXTERNAL_IDS) @Type(() => ExternalIdDto) @ValidateNested({ each: true })
  externalIds?: ExternalIdDto[] | null;

  @ApiPropertyOptional({ type: [String], nullable: true, maxItems: MOST_TAGS, example: ['vip'] })
  @Clearable() @IsArray() @ArrayMaxSize(MOST_TAGS) @IsString({ each: true }) @MaxLength(LONGEST_TAG, { each: true })
  tags?: string[] | null;
}

/** A name, a contact point or an external id is needed; everything else may be unknown. */
@ApiSchema({ name: 'CustomerInput' })
export class CreateCustomerDto extends ChangeCustomerDto {
  /** When an older system first knew them; now if left out. Cannot be changed later. */
  @ApiPropertyOptional({ format: 'date-time', example: '2021-05-04T10:00:00.000Z' })
  @Omittable() @IsInstant()
  createdAt?: string;

  /** Where they came from. Cannot be changed later. */
  @ApiPropertyOptional({ default: 'api', pattern: SYSTEM.source, example: 'web-shop' })
  @Omittable() @Matches(SYSTEM, { message: 'source must be 1 to 40 lower-case letters, digits, - or _' })
  source?: string;
}

export function toCustomerInput({ createdAt, ...input }: CreateCustomerDto): CustomerInput {
  return createdAt === undefined ? input : { ...input, createdAt: new Date(createdAt) };
}
