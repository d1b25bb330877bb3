import { demo, sentenceAbout } from './demo.js';
import { HELP, readOptions, type Options } from './options.js';
import { OwnApp } from './own-app.js';
import { Progress } from './progress.js';
import { tour } from './tour.js';

const INTERRUPTED = 130;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const remark = (text: string): void => void process.stderr.write(`${text}\n`);

/** @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const asked = askedToStop();
  let app: OwnApp | undefined;
  try {
    const options = readOptions(args, process.env);
    if (options.help) {
      say(HELP);
      return 0;
    }
    if (options.url === undefined) remark('Starting Shuke on a folder of its own …');
    app = options.url === undefined ? await OwnApp.start(options) : undefined;
    const shown = await Promise.race([show(app?.url ?? options.url!, options), asked, death(app)]);
    if (shown === 'stop') {
      remark('Stopped in the middle. Start it again and it goes on from there.');
      return INTERRUPTED;
    }
    if (!app || options.exit || options.json) return 0;
    say('\nIt serves on. Ctrl-C stops it; "npm run demo" brings it back as it is.');
    await Promise.race([asked, death(app)]);
    return 0;
  } catch (error) {
    remark(sentenceAbout(error));
    return 1;
  } finally {
    await app?.stop();
  }
}

async function show(url: string, options: Options): Promise<'shown'> {
  const figures = await demo(url, options, new Date(), new Progress(process.stderr));
  say(options.json ? JSON.stringify(figures, null, 2) : `\n${tour(figures, url, options)}`);
  return 'shown';
}

/** Rejects when the app ends by itself. */
async function death(app: OwnApp | undefined): Promise<never> {
  if (!app) return new Promise(() => undefined);
  const code = await app.end;
  throw new Error(`Shuke ended by itself with ${code}. It said:\n${app.lastWords}`);
}

function askedToStop(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve('stop'));
  });
}
