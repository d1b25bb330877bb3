import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsString, MaxLength, MinLength } from 'class-validator';
import { MAX_PASSWORD, MIN_PASSWORD } from '../../staff/domain/staff-user.js';

@ApiSchema({ name: 'Me' })
export class MeDto {
  /** A user who signed in, or an API key. */
  @ApiProperty({ enum: ['user', 'api_key'], example: 'user' })
  kind: 'user' | 'api_key';

  @ApiProperty({ format: 'uuid', example: '0192f0c1-2b3c-7def-8abc-1234567890ab' })
  id: string;

  @ApiProperty({ example: 'Mei Lin' })
  name: string;

  /** Missing for an API key. */
  @ApiProperty({ format: 'email', example: 'mei.lin@shop.example', required: false })
  email?: string;

  /** Names of the user's roles; none for an API key, whose permissions are its scopes. */
  @ApiProperty({ type: [String], example: ['agent'] })
  roles: readonly string[];

  /** Everything the caller may do. */
  @ApiProperty({ type: [String], example: ['customer:read', 'order:read'] })
  permissions: readonly string[];
}

@ApiSchema({ name: 'ChangePassword' })
export class ChangePasswordDto {
  @ApiProperty({ format: 'password', maxLength: MAX_PASSWORD, example: 'four random words here' })
  @IsString() @MinLength(1) @MaxLength(MAX_PASSWORD)
  currentPassword: string;

  @ApiProperty({ format: 'password', minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD, example: 'another four random words' })
  @IsString() @MinLength(MIN_PASSWORD) @MaxLength(MAX_PASSWORD)
  newPassword: string;
}
