import Sequencer from '@jest/test-sequencer';

/** The long ones, so that the run does not end with one worker at a journey and the other idle. */
const LONG = /\/test\/(?:journeys|demo|bench)\/|\/(?:export-identity|jobs|import-report|access-matrix)\.spec\.ts$/;

/** Long ones first, each lot as Jest would have it. */
export default class LongFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => LONG.test(path)), ...sorted.filter(({ path }) => !LONG.test(path))];
  }
}
