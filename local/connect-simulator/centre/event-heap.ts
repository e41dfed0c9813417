export type Scheduled = { readonly at: number; readonly order: number; run: (() => void) | null };

const before = (a: Scheduled, b: Scheduled): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap by time, then by order of scheduling. */
export class EventHeap {
  readonly #items: Scheduled[] = [];

  peek(): Scheduled | undefined {
    return this.#items[0];
  }

  push(item: Scheduled): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const up = (index - 1) >> 1;
      const parent = items[up];
      if (parent === undefined || !before(item, parent)) break;
      items[index] = parent;
      index = up;
    }
    items[index] = item;
  }

  pop(): Scheduled | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined || items.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      let smallest = items[child];
      if (smallest === undefined) break;
      const right = items[child + 1];
      if (right !== undefined && before(right, smallest)) {
        smallest = right;
        child += 1;
      }
      if (!before(smallest, last)) break;
      items[index] = smallest;
      index = child;
    }
    items[index] = last;
    return first;
  }
}
