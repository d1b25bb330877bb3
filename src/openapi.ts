import { readFileSync, writeFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { stringify } from 'yaml';
import { AppModule, EVENTS } from './app.module.js';
import { readConfig } from './platform/config/config.js';
import { createAdapter } from './platform/http/server.js';
import { completeContract } from './platform/openapi/contract.js';
import type { SourceFacts } from './platform/openapi/source-facts.js';
import { createLogger } from './platform/observability/create-logger.js';

const ROOT = new URL('../', import.meta.url);

const DESCRIPTION = `Shuke (熟客, the regular who keeps coming back) is an e-commerce CRM that other software talks to.

Ids are UUIDs made by us; whatever you own can also be named by your own system's id. Money is a decimal string with its currency, time is RFC 3339 in UTC. Lists are read page by page with \`cursor\`. Change a resource with its \`ETag\` in \`If-Match\`. Send an \`Idempotency-Key\` with every POST, and a retry does nothing twice. A change answers \`Event-Id\`; send it back as \`Wait-For-Event\` to read what follows from it. Every error is \`application/problem+json\` with a stable \`code\`; titles and details come in English or Chinese by \`Accept-Language\`.`;

const TAGS = {
  customer: 'Who they are, what they allowed us, all we know of them',
  sales: 'Products, orders, payments, fulfilments and refunds',
  analytics: 'Figures over customers and orders, each with its definition and how fresh it is',
  integration: 'Files in, the event feed out, long operations, consumers',
  security: 'Staff, roles, sessions, API keys, the audit trail',
  platform: 'Limits and health of the server',
};

/**
 * Builds the contract from the code alone, without a database.
 * @param target where it is written
 * @param factsFile what the source says, as scripts/openapi.mjs found it
 */
async function write(target: string, factsFile: string): Promise<void> {
  const facts = JSON.parse(readFileSync(factsFile, 'utf8')) as SourceFacts;
  const config = readConfig({ LOG_LEVEL: 'silent' });
  const module = AppModule.forRoot({ config, databaseUrl: 'postgres://nowhere', logger: createLogger('silent') });
  const app = await NestFactory.create<NestFastifyApplication>(module, createAdapter(config), { preview: true, abortOnError: false, logger: false });
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Shuke')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This server')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The access token of a session (POST /v1/sessions), or an API key. Each operation names the permission it needs; GET /v1/me lists those you have.' });
  for (const [tag, description] of Object.entries(TAGS)) builder.addTag(tag, description);
  const document = completeContract(SwaggerModule.createDocument(app, builder.build()), EVENTS, facts);
  writeFileSync(target, stringify(document, { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' }));
}

const [, , target, factsFile] = process.argv;
if (target === undefined || factsFile === undefined) throw new Error('Run "npm run openapi": it looks into the source first.');
await write(target, factsFile);
