import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EntitySchema } from 'typeorm';
import type { Permission } from '../kernel/permission.js';
import { AuditModule } from './audit/audit.module.js';
import { AppConfig } from './config/config.js';
import { DatabaseModule } from './database/database.module.js';
import { EventsModule } from './events/events.module.js';
import { HttpModule, type HttpOptions } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ObservabilityModule } from './observability/observability.module.js';
import { platformPermissions } from './observability/permissions.js';
import { TransferModule } from './transfer/transfer.module.js';
import { VaultModule } from './vault/vault.module.js';

export interface PlatformOptions {
  readonly config: AppConfig;
  /** Of the app role, not the owner. */
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** The mapping of every context's rows. */
  readonly tables: readonly EntitySchema[];
  /** What the contexts' routes ask for. */
  readonly permissions: readonly Permission[];
  /** What the contexts' problems say in Chinese. */
  readonly problemsInChinese: HttpOptions['problemsInChinese'];
}

/** Plumbing without business, global to every context. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot({ config, databaseUrl, logger, tables, permissions, problemsInChinese }: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        ObservabilityModule.forRoot(logger),
        DatabaseModule.forRoot({ url: databaseUrl, tables }),
        VaultModule,
        EventsModule,
        JobsModule,
        AuditModule,
        TransferModule,
        HttpModule.forRoot({ permissions: [...permissions, ...platformPermissions], problemsInChinese }),
      ],
      providers: [{ provide: AppConfig, useValue: config }],
      exports: [AppConfig],
    };
  }
}
