import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Role' })
export class RoleDto {
  @ApiProperty({ example: 'agent' })
  name: string;

  @ApiProperty({ example: 'Agent: serves customers' })
  title: string;

  /** Built-in roles follow the release; they cannot be changed. */
  @ApiProperty({ example: true })
  builtIn: boolean;

  @ApiProperty({ type: [String], example: ['customer:read', 'order:read'] })
  permissions: readonly string[];
}
