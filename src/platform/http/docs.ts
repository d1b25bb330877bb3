import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import swaggerUi from 'swagger-ui-express';
import { deprecationsPage, versionsPage } from './docs-pages.js';
import { DocsVersion } from './docs-version.js';
import type { ProblemsInChinese } from './problems-in-chinese.js';
import { problemsPage } from './problems-page.js';

const ROOT = new URL('../../../', import.meta.url);
const CONTRACT = fileURLToPath(new URL('openapi.yaml', ROOT));
const RELEASED = fileURLToPath(new URL('contract/released.yaml', ROOT));

/** The page needs its own scripts and styles and nothing from elsewhere; Swagger UI writes style attributes and draws with data: images. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The browser reads the YAML itself, beside whichever page it has. */
const PAGE = {
  customSiteTitle: 'Shuke API',
  swaggerUrl: './openapi.yaml',
  swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, filter: true, tryItOutEnabled: true },
};

/**
 * `/docs`: the contract as a page to try it on, and what is made of it: the contract itself as YAML and JSON, each known
 * version of it, what is deprecated, what each problem code means.
 * @param headers for every answer, as everywhere else.
 */
export function docsApp(headers: Readonly<Record<string, string>>, chinese: ProblemsInChinese): Express {
  const app = express();
  const versions = knownVersions();
  const own = versions[0]!;
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    response.set({ ...headers, 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' });
    // The pages' links are relative, so they need the slash.
    const path = request.originalUrl.split('?', 1)[0]!;
    if (path === '/docs' || versions.some(({ name }) => path === `/docs/${name}`)) response.redirect(301, `${path}/`);
    else next();
  });
  app.get('/problems', async (_request, response) => void response.type('html').send(problemsPage(chinese, await own.document())));
  app.get('/deprecations', async (_request, response) => void response.type('html').send(deprecationsPage(await own.document())));
  app.get('/versions', (_request, response) => void response.type('html').send(versionsPage(versions)));
  for (const version of versions) serve(app, `/${version.name}`, version);
  serve(app, '', own);
  return app;
}

/** This server's own first, then the last release, where it is another. */
function knownVersions(): DocsVersion[] {
  const own = new DocsVersion(CONTRACT);
  const released = existsSync(RELEASED) ? new DocsVersion(RELEASED) : own;
  return released.name === own.name ? [own] : [own, released];
}

function serve(app: Express, at: string, version: DocsVersion): void {
  app.get(`${at}/openapi.yaml`, (_request, response) => response.sendFile(version.file));
  app.get(`${at}/openapi.json`, async (_request, response) => void response.type('json').send(await version.json()));
  app.use(`${at}/`, swaggerUi.serve);
  app.get(`${at}/`, swaggerUi.setup(undefined, PAGE));
}
