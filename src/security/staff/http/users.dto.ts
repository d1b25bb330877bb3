import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsEmail, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { ListQuery } from '../../../platform/http/list.dto.js';
import { Omittable } from '../../../platform/http/merge-patch.js';
import { MAX_EMAIL, MAX_PASSWORD, MIN_PASSWORD, type StaffStatus } from '../domain/staff-user.js';

const STATUSES = ['active', 'disabled'] as const;
const ROLE = /^[a-z][a-z0-9_]{0,39}$/;
const MAX_NAME = 100;
const MAX_ROLES = 20;

@ApiSchema({ name: 'CreateUser' })
export class CreateUserDto {
  @ApiProperty({ format: 'email', maxLength: MAX_EMAIL, example: 'mei.lin@shop.example' })
  @IsEmail() @MaxLength(MAX_EMAIL)
  email: string;

  @ApiProperty({ minLength: 1, maxLength: MAX_NAME, example: 'Mei Lin' })
  @IsString() @MinLength(1) @MaxLength(MAX_NAME)
  name: string;

  /** For the first sign-in; the user changes it at `PUT /v1/me/password`. */
  @ApiProperty({ format: 'password', minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD, example: 'four random words here' })
  @IsString() @MinLength(MIN_PASSWORD) @MaxLength(MAX_PASSWORD)
  password: string;

  /** Names of roles that allow no more than you may do yourself. */
  @ApiProperty({ type: [String], minItems: 1, maxItems: MAX_ROLES, example: ['agent'] })
  @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MAX_ROLES) @IsString({ each: true }) @Matches(ROLE, { each: true })
  roles: string[];
}

/** JSON Merge Patch. A change of roles, status or password ends the user's sessions. */
@ApiSchema({ name: 'UpdateUser' })
export class UpdateUserDto {
  @ApiPropertyOptional({ format: 'email', maxLength: MAX_EMAIL, example: 'mei.lin@shop.example' })
  @Omittable() @IsEmail() @MaxLength(MAX_EMAIL)
  email?: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_NAME, example: 'Mei Lin' })
  @Omittable() @IsString() @MinLength(1) @MaxLength(MAX_NAME)
  name?: string;

  /** Sets a new password for a user who lost theirs. */
  @ApiPropertyOptional({ format: 'password', minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD, example: 'another four random words' })
  @Omittable() @IsString() @MinLength(MIN_PASSWORD) @MaxLength(MAX_PASSWORD)
  password?: string;

  /** Takes the place of all roles the user has. */
  @ApiPropertyOptional({ type: [String], minItems: 1, maxItems: MAX_ROLES, example: ['manager'] })
  @Omittable() @IsArray() @ArrayMinSize(1) @ArrayMaxSize(MAX_ROLES) @IsString({ each: true }) @Matches(ROLE, { each: true })
  roles?: string[];

  @ApiPropertyOptional({ enum: STATUSES, example: 'disabled' })
  @Omittable() @IsIn(STATUSES)
  status?: StaffStatus;
}

export class ListUsersQuery extends ListQuery {
  @ApiPropertyOptional({ enum: STATUSES })
  @IsOptional() @IsIn(STATUSES)
  status?: StaffStatus;

  /** Only users with this role. */
  @ApiPropertyOptional({ example: 'agent' })
  @IsOptional() @IsString() @Matches(ROLE)
  role?: string;
}

@ApiSchema({ name: 'User' })
export class UserDto {
  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  @ApiProperty({ format: 'email', example: 'mei.lin@shop.example' })
  email: string;

  @ApiProperty({ example: 'Mei Lin' })
  name: string;

  @ApiProperty({ type: [String], example: ['agent'] })
  roles: readonly string[];

  /** A disabled user cannot sign in. */
  @ApiProperty({ enum: STATUSES, example: 'active' })
  status: StaffStatus;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  createdAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  updatedAt: Date;

  @ApiProperty({ format: 'date-time', example: '2026-01-15T08:00:00.000Z' })
  passwordChangedAt: Date;
}
