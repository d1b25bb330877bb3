import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { Workers } from '../workers.js';
import { Backlog } from './backlog.js';
import { Health } from './health.js';
import { HealthController } from './health.controller.js';
import { RootLogger } from './logger.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';
import { RequestLog } from './request-log.js';

@Global()
@Module({})
export class ObservabilityModule {
  static forRoot(logger: Logger): DynamicModule {
    return {
      module: ObservabilityModule,
      controllers: [HealthController, MetricsController],
      providers: [{ provide: RootLogger, useValue: new RootLogger(logger) }, Backlog, Health, Metrics, RequestLog, Workers],
      exports: [RootLogger, Backlog, Metrics, RequestLog, Workers],
    };
  }
}
