import type { AddCommand } from '../command.js';

export const addWhoami: AddCommand = (program, run) => {
  program
    .command('whoami')
    .description('Who you are signed in as, and what you may do')
    .action(run(async (session) => {
      const { data } = await (await session.shuke()).call('getMe', {}, { signal: session.signal });
      await session.terminal.give(data);
    }));
};
