import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ConsumerLag' })
export class ConsumerLagDto {
  @ApiProperty({ example: 'customer.timeline' })
  consumer: string;

  /** Positions of the event log that it has yet to pass. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  events: number;

  /** Events it could not apply; see the parked events of this consumer. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 0 })
  parked: number;
}

@ApiSchema({ name: 'Liveness' })
export class LivenessDto {
  @ApiProperty({ enum: ['alive'], example: 'alive' })
  status: 'alive';
}

@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({ enum: ['ready', 'not_ready'], example: 'ready' })
  status: 'ready' | 'not_ready';

  /** Each part by name: `ok`, or what is wrong. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { server: 'ok', database: 'ok', migrations: 'ok', workers: 'ok', queue: 'ok' } })
  checks: Readonly<Record<string, string>>;

  /** How far the consumers of the event log are. */
  @ApiProperty({ type: [ConsumerLagDto] })
  consumers: readonly ConsumerLagDto[];
}
