/** Counts up in the order of creation and never comes again, so that a page can begin behind any of them. */
type Row = { readonly id: string; readonly ordinal: number };

export type Page<R> = { rows: R[]; next: number | null };

/** Rows by id, and in the order of their creation. Reading a page costs what the page holds, whatever the size. */
export type Table<R extends Row> = {
  readonly size: number;
  get(id: string): R | undefined;
  put(row: R): void;
  delete(id: string): void;
  all(): Iterable<R>;
  nextOrdinal(): number;
  /** At most `count` rows behind the ordinal `after`; `next` is the ordinal to go on behind, null at the end. */
  page(after: number, count: number, wanted?: (row: R) => boolean): Page<R>;
};

export function table<R extends Row>(): Table<R> {
  const rows = new Map<string, R>();
  // Ordinals ascend. What was deleted stays as a gap until half of them are gaps.
  let ordinals: number[] = [];
  let ids: (string | null)[] = [];
  let gaps = 0;
  let nextOrdinal = 0;

  function firstBehind(after: number): number {
    let low = 0;
    let high = ordinals.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ordinals[middle] ?? 0) <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function closeGaps(): void {
    const kept = ids.map((id, index) => [id, ordinals[index] ?? 0] as const).filter(([id]) => id !== null);
    ids = kept.map(([id]) => id);
    ordinals = kept.map(([, ordinal]) => ordinal);
    gaps = 0;
  }

  return {
    get size() {
      return rows.size;
    },
    get: (id) => rows.get(id),
    put(row) {
      if (!rows.has(row.id)) {
        if (row.ordinal < nextOrdinal) throw new Error(`${row.id} comes out of order`);
        ordinals.push(row.ordinal);
        ids.push(row.id);
        nextOrdinal = row.ordinal + 1;
      }
      rows.set(row.id, row);
    },
    delete(id) {
      const row = rows.get(id);
      if (row === undefined) return;
      rows.delete(id);
      ids[firstBehind(row.ordinal) - 1] = null;
      gaps += 1;
      if (gaps > 32 && gaps > ids.length / 2) closeGaps();
    },
    all: () => rows.values(),
    nextOrdinal: () => nextOrdinal,
    page(after, count, wanted = () => true) {
      const found: R[] = [];
      let last = after;
      for (let index = firstBehind(after); index < ids.length; index += 1) {
        const id = ids[index];
        const row = id === null || id === undefined ? undefined : rows.get(id);
        if (row === undefined || !wanted(row)) continue;
        if (found.length === count) return { rows: found, next: last };
        found.push(row);
        last = row.ordinal;
      }
      return { rows: found, next: null };
    },
  };
}
