import { Command } from 'commander';
import type { Run } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT_HELP } from './exit-codes.js';
import { VERSION } from './version.js';

export interface Wording {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The whole command line, for `run` to carry out. */
export function createProgram(run: Run, { out, err }: Wording): Command {
  const program = new Command('shuke')
    .description('The command line of Shuke, an e-commerce CRM')
    .version(VERSION)
    .option('--url <address>', 'the server, in place of the one you signed in at (SHUKE_URL)')
    .option('--profile <name>', 'which sign-in to use, where you have several (SHUKE_PROFILE)')
    .option('--json', 'print JSON, one value a line, for programs')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError('Add --help to see how it is used.')
    .exitOverride()
    .addHelpText('after', `
What was asked for goes to stdout, everything else to stderr.

Examples:
  shuke sign-in http://localhost:3000 --email admin@example.com
  shuke import customers.csv --resource customers --map name=full_name --dry-run
  shuke export customers --filter tagsAny=vip -o vips.csv
  shuke customers search 三丰
  shuke events follow --types sales.order_placed.v1 --json
  shuke call --list

${EXIT_HELP}`);
  for (const add of COMMANDS) add(program, run);
  return program;
}
