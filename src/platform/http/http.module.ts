import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import type { Permission } from '../../kernel/permission.js';
import { PERMISSIONS } from './access.js';
import { AccessCheck } from './access-check.js';
import { Commands } from './commands.js';
import { Cursors } from './cursor.js';
import { LimitsController } from './limits.controller.js';
import { Load } from './load.js';
import { ProblemFilter } from './problem.filter.js';
import { platformProblemsInChinese } from './problems.zh.js';
import { ProblemsInChinese } from './problems-in-chinese.js';
import { Routes } from './routes.js';
import { UnusedConnections } from './unused-connections.js';
import { Streams } from './streams.js';
import { RequestValidation } from './validation.pipe.js';

export interface HttpOptions {
  readonly permissions: readonly Permission[];
  /** What the contexts' problems say in Chinese, by code; one list for each context. */
  readonly problemsInChinese: readonly Readonly<Record<string, string>>[];
}

/** What every route has in common (API.md). The guard that asks who may come in is security's. */
@Global()
@Module({})
export class HttpModule {
  static forRoot({ permissions, problemsInChinese }: HttpOptions): DynamicModule {
    return {
      module: HttpModule,
      imports: [DiscoveryModule],
      controllers: [LimitsController],
      providers: [
        { provide: PERMISSIONS, useValue: permissions },
        { provide: ProblemsInChinese, useValue: new ProblemsInChinese([platformProblemsInChinese, ...problemsInChinese]) },
        AccessCheck,
        Commands,
        Cursors,
        Load,
        Routes,
        UnusedConnections,
        Streams,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useClass: RequestValidation },
      ],
      exports: [Commands, Cursors, Load, Routes, Streams, UnusedConnections, PERMISSIONS],
    };
  }
}
