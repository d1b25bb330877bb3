import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { AnalyticsModule } from './analytics/analytics.module.js';
import { analyticsPermissions } from './analytics/contract/permissions.js';
import { analyticsProblemsInChinese } from './analytics/http/problems.zh.js';
import { analyticsTables } from './analytics/persistence/analytics.table.js';
import { customerEvents } from './customer/contract/events.js';
import { customerPermissions } from './customer/contract/permissions.js';
import { CustomerModule } from './customer/customer.module.js';
import { customerProblemsInChinese } from './customer/http/problems.zh.js';
import { customerTables } from './customer/persistence/customer.table.js';
import { integrationPermissions } from './integration/contract/permissions.js';
import { integrationProblemsInChinese } from './integration/http/problems.zh.js';
import { IntegrationModule } from './integration/integration.module.js';
import { integrationTables } from './integration/persistence/integration.table.js';
import type { Permission } from './kernel/permission.js';
import type { AppConfig } from './platform/config/config.js';
import { RequestModule } from './platform/http/request.module.js';
import { PlatformModule, type PlatformOptions } from './platform/platform.module.js';
import { salesEvents } from './sales/contract/events.js';
import { salesPermissions } from './sales/contract/permissions.js';
import { salesProblemsInChinese } from './sales/http/problems.zh.js';
import { salesTables } from './sales/persistence/sales.tables.js';
import { SalesModule } from './sales/sales.module.js';
import { securityPermissions } from './security/contract/permissions.js';
import { securityProblemsInChinese } from './security/http/problems.zh.js';
import { securityTables } from './security/persistence/security.table.js';
import { SecurityModule } from './security/security.module.js';

interface Context {
  readonly module: Type | DynamicModule;
  readonly tables: PlatformOptions['tables'];
  readonly permissions: readonly Permission[];
  readonly problemsInChinese: PlatformOptions['problemsInChinese'][number];
}

/** Every event the contexts publish. */
export const EVENTS = [...customerEvents, ...salesEvents];

const CONTEXTS: readonly Context[] = [
  { module: SecurityModule, tables: securityTables, permissions: securityPermissions, problemsInChinese: securityProblemsInChinese },
  { module: CustomerModule, tables: customerTables, permissions: customerPermissions, problemsInChinese: customerProblemsInChinese },
  { module: SalesModule, tables: salesTables, permissions: salesPermissions, problemsInChinese: salesProblemsInChinese },
  { module: IntegrationModule.forRoot({ events: EVENTS }), tables: integrationTables, permissions: integrationPermissions, problemsInChinese: integrationProblemsInChinese },
  { module: AnalyticsModule, tables: analyticsTables, permissions: analyticsPermissions, problemsInChinese: analyticsProblemsInChinese },
];

export interface AppOptions {
  readonly config: AppConfig;
  /** Of the app role, not the owner. */
  readonly databaseUrl: string;
  readonly logger: Logger;
}

@Module({})
export class AppModule {
  static forRoot(options: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot({
          ...options,
          tables: CONTEXTS.flatMap(({ tables }) => tables),
          permissions: CONTEXTS.flatMap(({ permissions }) => permissions),
          problemsInChinese: CONTEXTS.map(({ problemsInChinese }) => problemsInChinese),
        }),
        // Global, so that a context's facade reaches the others by its class in contract/ and no module imports another.
        ...CONTEXTS.map(({ module }) => ({ ...('module' in module ? module : { module }), global: true })),
        RequestModule,
      ],
    };
  }
}
