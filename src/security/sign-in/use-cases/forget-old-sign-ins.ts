import { Injectable } from '@nestjs/common';
import { SYSTEM } from '../../../kernel/actor.js';
import { Clock } from '../../../kernel/clock.js';
import { Database } from '../../../platform/database/database.js';
import { JobType, type Job, type JobHandler } from '../../../platform/jobs/job.js';
import { PasswordGuesses } from '../persistence/password-guesses.js';
import { Sessions } from '../persistence/sessions.js';

export class ForgetOldSignInsPayload {}

export const ForgetOldSignInsJob = new JobType('security.forget_old_sign_ins', ForgetOldSignInsPayload, { tries: 3, backoffSeconds: 60, concurrency: 1 });

const MILLIS_A_DAY = 86_400_000;

/** The audit trail remembers sessions; the rows serve only as long as somebody might bring their tokens. */
const SESSION_DAYS = 30;
const AT_A_TIME = 500;

/** Deletes what can matter to no later sign-in: sessions long expired, with their tokens, and guesses of more than a day ago. */
@Injectable()
export class ForgetOldSignIns implements JobHandler<ForgetOldSignInsPayload> {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly guesses: PasswordGuesses,
    private readonly clock: Clock,
  ) {}

  async run({ signal }: Pick<Job<ForgetOldSignInsPayload>, 'signal'>): Promise<void> {
    const now = this.clock.now().getTime();
    const [sessionsBefore, guessesBefore] = [new Date(now - SESSION_DAYS * MILLIS_A_DAY), new Date(now - MILLIS_A_DAY)];
    for (let left = true; left; ) {
      signal.throwIfAborted();
      left = await this.database.transaction(SYSTEM, async (tx) => {
        const sessions = await this.sessions.forgetExpired(tx, sessionsBefore, AT_A_TIME);
        const guesses = await this.guesses.forgetBefore(tx, guessesBefore, AT_A_TIME);
        return sessions === AT_A_TIME || guesses === AT_A_TIME;
      });
    }
  }
}
