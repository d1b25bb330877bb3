import { parseArgs } from 'node:util';

export interface Options {
  readonly seed: number | undefined;
  readonly customers: number | undefined;
  readonly until: Date | undefined;
  /** An app that runs already; without it one is started. */
  readonly url: string | undefined;
  readonly email: string;
  readonly password: string;
  readonly dataDir: string;
  readonly port: number;
  readonly json: boolean;
  readonly exit: boolean;
  readonly help: boolean;
}

/** What cannot be done, said to the person at the terminal. */
export class Refusal extends Error {}

export const DEFAULTS = { seed: 1, customers: 5000 } as const;
/** Of an app that only this machine can reach and that holds nobody real. */
export const DEMO_USER = { email: 'demo@example.com', password: 'everyone may know this one' } as const;

export const HELP = `npm run demo: a shop that never was, to try Shuke on

Starts Shuke on a data folder of its own, fills it with people and a year of orders, shows what can be asked, and keeps
serving until Ctrl-C. Run again on the same folder it is there at once.

  npm run demo -- --customers 500 --port 3001

  --customers <n>   how many people, 1 to 100000 (${DEFAULTS.customers})
  --seed <n>        another number, another shop; the same number, the same shop (${DEFAULTS.seed})
  --until <instant> when its year of orders ends, e.g. 2026-06-30T16:00:00Z (the present hour)
  --data-dir <path> where it keeps everything (.data/demo)
  --port <n>        where it listens on this machine (PORT, or 3000)
  --exit            end after the tour instead of serving on
  --json            print the figures as JSON, then end
  --url <url>       fill a Shuke that runs already and holds no customers; with
  --email <e-mail>  whom to sign in as (${DEMO_USER.email}) and
  --password <text> their password (or DEMO_PASSWORD in the environment)
  --help            this page
`;

/** @throws Refusal for what cannot be read. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parse(args);
  return {
    seed: whole('seed', values.seed, 0, 2_147_483_647),
    customers: whole('customers', values.customers, 1, 100_000),
    until: instant(values.until),
    url: httpUrl(values.url),
    email: values.email ?? DEMO_USER.email,
    password: values.password ?? (environment['DEMO_PASSWORD'] || DEMO_USER.password),
    dataDir: values['data-dir'] ?? '.data/demo',
    port: whole('port', values.port ?? (environment['PORT'] || '3000'), 1, 65_535)!,
    json: values.json, exit: values.exit, help: values.help,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: { seed: text, customers: text, until: text, url: text, email: text, password: text, 'data-dir': text, port: text, json: flag, exit: flag, help: flag },
    });
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\nnpm run demo -- --help lists what there is.`);
  }
}

function whole(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Refusal(`--${name} ${text} is no whole number from ${least} to ${most}.`);
}

function instant(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const read = new Date(text);
  if (Number.isNaN(read.getTime()) || read.getTime() > Date.now()) throw new Refusal(`--until ${text} is no past instant such as 2026-06-30T16:00:00Z.`);
  return read;
}

function httpUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Refusal(`--url ${text} is no address such as http://localhost:3000.`);
  return text.replace(/\/+$/, '');
}
