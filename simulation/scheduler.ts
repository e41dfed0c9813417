interface Happening {
  at: number;
  happen: () => void;
}

/** Virtual time: it stands still while code runs, and leaps to whatever comes next. Epoch milliseconds. */
export class Scheduler {
  now: number;
  happened = 0;
  /** The next comes last. There are never many, and most of what is added comes soon, so few have to make room for it. */
  private readonly waiting: Happening[] = [];

  constructor(start: number) {
    this.now = start;
  }

  get isAtRest(): boolean {
    return this.waiting.length === 0;
  }

  /** Of two at the same instant the one that was scheduled first comes first. */
  at(at: number, happen: () => void): void {
    const { waiting } = this;
    const added = { at: Math.max(at, this.now), happen };
    let index = waiting.push(added) - 1;
    for (; index > 0; index -= 1) {
      const before = waiting[index - 1];
      if (!before || before.at > added.at) break;
      waiting[index] = before;
    }
    waiting[index] = added;
  }

  after(ms: number, happen: () => void): void {
    this.at(this.now + ms, happen);
  }

  next(): void {
    const next = this.waiting.pop();
    if (!next) return;
    this.now = next.at;
    this.happened += 1;
    next.happen();
  }
}
