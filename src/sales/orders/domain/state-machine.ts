import { DomainError } from '../../../kernel/domain-error.js';

/** States and the legal moves between them, as a table: state → where it may go. A state that leads nowhere is final. */
export class StateMachine<State extends string> {
  readonly states: readonly State[];

  constructor(
    /** What has these states, for messages: `order`, `payment`. */
    private readonly thing: string,
    private readonly moves: Readonly<Record<State, readonly State[]>>,
  ) {
    this.states = Object.keys(moves) as State[];
  }

  has(word: string): word is State {
    return Object.hasOwn(this.moves, word);
  }

  allows(from: State, to: State): boolean {
    return this.moves[from].includes(to);
  }

  /** @throws DomainError conflict `illegal_transition`, saying which moves are open. */
  check(from: State, to: State): void {
    if (this.allows(from, to)) return;
    const open = this.moves[from];
    const remedy = open.length === 0 ? 'That state is final.' : `From there it may become ${open.join(', ')}.`;
    throw new DomainError('conflict', 'illegal_transition', `The ${this.thing} is ${from} and cannot become ${to}. ${remedy}`, { facts: { from, to } });
  }
}
