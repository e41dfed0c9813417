interface Happening {
  at: number;
  /** Of two at the same instant the one that was scheduled first comes first. */
  order: number;
  happen: () => void;
}

/** Virtual time: it stands still while code runs, and leaps to whatever comes next. Epoch milliseconds. */
export class Scheduler {
  now: number;
  happened = 0;
  private scheduled = 0;
  private readonly heap: Happening[] = [];

  constructor(start: number) {
    this.now = start;
  }

  get isAtRest(): boolean {
    return this.heap.length === 0;
  }

  at(at: number, happen: () => void): void {
    this.scheduled += 1;
    const added = { at: Math.max(at, this.now), order: this.scheduled, happen };
    const { heap } = this;
    let index = heap.push(added) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (!parent || !isBefore(added, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = added;
  }

  after(ms: number, happen: () => void): void {
    this.at(this.now + ms, happen);
  }

  next(): void {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (!first || !last) return;
    if (first !== last) this.sink(last);
    this.now = first.at;
    this.happened += 1;
    first.happen();
  }

  /** Puts one in the place of the first, and lets it sink to where it belongs. */
  private sink(sinking: Happening): void {
    const { heap } = this;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      const right = heap[below + 1];
      if (child && right && isBefore(right, child)) {
        below += 1;
        child = right;
      }
      if (!child || isBefore(sinking, child)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = sinking;
  }
}

const isBefore = (one: Happening, other: Happening): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);
