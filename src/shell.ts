import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppConfig } from './platform/config/config.js';
import { docsApp } from './platform/http/docs.js';
import { ProblemsInChinese } from './platform/http/problems-in-chinese.js';
import { securityHeaders } from './platform/http/security-headers.js';
import { guardDoor } from './platform/http/server.js';

/** Everything around the routes, the same in production and in tests. Call it between creating and initialising the app. */
export function furnish(app: NestFastifyApplication): void {
  guardDoor(app);
  const config = app.get(AppConfig);
  if (config.docs) app.use('/docs', docsApp(securityHeaders(config), app.get(ProblemsInChinese)));
}
