import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { AppConfig } from '../../src/platform/config/config.js';
import { variablesOf } from '../../src/platform/config/from-env.js';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(root, file), 'utf8');
const known = new Set(variablesOf(AppConfig).map(({ name }) => name));
const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;

/** Instructions of the last stage and of the ones before, with continued lines joined. */
function instructions(): { word: string; rest: string }[] {
  return read('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => ({ word: line.split(/\s+/)[0]!, rest: line.replace(/^\S+\s+/, '') }));
}

interface Compose {
  services: Record<string, { build?: string; image?: string; command?: string[]; environment?: Record<string, string>; depends_on?: Record<string, unknown>; volumes?: string[]; ports?: string[] }>;
  volumes: Record<string, unknown>;
}

const compose = () => parse(read('compose.yaml'), { merge: true }) as Compose;

/** dist/main.js exists if src/main.ts does. */
function sourceOf(compiled: string): string {
  return resolve(root, compiled.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts'));
}

describe('containers', () => {
  it('the Dockerfile copies only what is in the repository or was built in it', () => {
    const copied = instructions()
      .filter(({ word, rest }) => word === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1));
    expect(copied.length).toBeGreaterThan(4);
    expect(copied.filter((file) => !existsSync(resolve(root, file)))).toEqual([]);
  });

  it('the Dockerfile runs scripts that exist, and its variables are known', () => {
    const all = instructions();
    const runs = all.filter(({ word }) => word === 'RUN').flatMap(({ rest }) => [...rest.matchAll(/npm run (\S+)/g)].map((match) => match[1]!));
    expect(runs.filter((script) => !(script in scripts))).toEqual([]);
    const variables = all.filter(({ word }) => word === 'ENV').flatMap(({ rest }) => rest.split(/\s+/).map((pair) => pair.split('=')[0]!));
    expect(variables.filter((name) => !known.has(name))).toEqual([]);
    const [command] = all.filter(({ word }) => word === 'CMD').map(({ rest }) => JSON.parse(rest) as string[]);
    expect(existsSync(sourceOf(command!.at(-1)!))).toBe(true);
  });

  it('the image runs as an ordinary user and says whether it is healthy', () => {
    const words = instructions();
    const lastStage = words.slice(words.map(({ word }) => word).lastIndexOf('FROM'));
    expect(lastStage.find(({ word }) => word === 'USER')?.rest).toBe('node');
    expect(lastStage.find(({ word }) => word === 'HEALTHCHECK')?.rest).toContain('/health/live');
  });

  it('compose has api, worker, postgres and redis, each command and variable known', () => {
    const { services, volumes } = compose();
    expect(Object.keys(services).sort()).toEqual(['api', 'postgres', 'redis', 'worker']);
    for (const name of ['api', 'worker']) {
      const service = services[name]!;
      expect(Object.keys(service.environment ?? {}).filter((variable) => !known.has(variable))).toEqual([]);
      expect(service.environment?.['PROCESS_ROLE']).toBe(name);
      if (service.command) expect(existsSync(sourceOf(service.command.at(-1)!))).toBe(true);
      expect(Object.keys(service.depends_on ?? {}).filter((other) => !(other in services))).toEqual([]);
    }
    const mounted = Object.values(services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0]!));
    expect(mounted.filter((volume) => !(volume in volumes))).toEqual([]);
  });

  it('compose opens no port to the outside', () => {
    const open = Object.values(compose().services).flatMap((service) => service.ports ?? []);
    expect(open.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
