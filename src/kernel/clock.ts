/** The only source of "now" outside tests; instants are UTC. Domain code takes instants as arguments instead. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Stands still until told to move. */
export class FixedClock extends Clock {
  constructor(private instant: Date) {
    super();
  }
  now(): Date {
    return new Date(this.instant);
  }
  set(instant: Date): void {
    this.instant = instant;
  }
  advance(millis: number): void {
    this.instant = new Date(this.instant.getTime() + millis);
  }
}
