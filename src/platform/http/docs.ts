import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import swaggerUi from 'swagger-ui-express';
import type { ProblemsInChinese } from './problems-in-chinese.js';
import { problemsPage } from './problems-page.js';

const CONTRACT = fileURLToPath(new URL('../../../openapi.yaml', import.meta.url));

/** The page needs its own scripts and styles and nothing from elsewhere; Swagger UI writes style attributes and draws with data: images. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The browser reads the YAML itself: parsing it here would hold up every request for some tenths of a second. */
const PAGE = {
  customSiteTitle: 'Shuke API',
  swaggerUrl: './openapi.yaml',
  swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, filter: true, tryItOutEnabled: true },
};

/**
 * `/docs`: the committed contract as a page to try it on, the contract itself, and what each problem code means.
 * @param headers for every answer, as everywhere else.
 */
export function docsApp(headers: Readonly<Record<string, string>>, chinese: ProblemsInChinese): Express {
  const app = express();
  const problems = problemsPage(chinese);
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    response.set({ ...headers, 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' });
    // The page's links are relative, so they need the slash.
    if (request.originalUrl.split('?', 1)[0] === '/docs') response.redirect(301, '/docs/');
    else next();
  });
  app.get('/openapi.yaml', (_request, response) => response.sendFile(CONTRACT));
  app.get('/problems', (_request, response) => void response.type('html').send(problems));
  app.use('/', swaggerUi.serve);
  app.get('/', swaggerUi.setup(undefined, PAGE));
  return app;
}
