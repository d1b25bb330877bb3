import { describe, it } from '@jest/globals';

/**
 * `describe`, if the machine has what the tests need. Otherwise they are skipped with a line that says so; with `CI=true`
 * a test fails in their place.
 */
export function needs(what: string, present: boolean): (name: string, tests: () => void) => void {
  if (present) return describe;
  if (process.env['CI'] === 'true') {
    return (name) =>
      describe(name, () => {
        it(`has ${what}`, () => {
          throw new Error(`This machine lacks ${what}, and CI must have it.`);
        });
      });
  }
  return (name, tests) => {
    process.stderr.write(`Skipped "${name}": this machine lacks ${what}.\n`);
    describe.skip(name, tests);
  };
}
