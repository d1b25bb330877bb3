/** The paces of the job machinery, in ms. Tests shorten them. */
export interface JobSettings {
  /** Looks for due jobs although nothing woke it. */
  readonly sweepMillis: number;
  /** Compares what was handed over with what the queue knows. */
  readonly reconcileMillis: number;
  /** A job handed over less long ago may still be on its way to the queue. */
  readonly settleMillis: number;
  /** A worker that has not renewed its claim on a job for so long is taken for dead. */
  readonly lockMillis: number;
  /** How often workers look for jobs of dead ones. */
  readonly stalledMillis: number;
  /** An idle worker asks again after so long although nobody woke it. */
  readonly idleMillis: number;
  /** A worker that lost its connection tries again after this. */
  readonly reconnectMillis: number;
  /** Stopping waits so long for handlers before it aborts their signals, and again so long after. */
  readonly graceMillis: number;
}

export const JOB_SETTINGS = Symbol('paces of the job machinery');

export const jobSettings: JobSettings = {
  sweepMillis: 10_000,
  reconcileMillis: 60_000,
  settleMillis: 15_000,
  lockMillis: 30_000,
  stalledMillis: 30_000,
  idleMillis: 30_000,
  reconnectMillis: 1_000,
  graceMillis: 3_000,
};
