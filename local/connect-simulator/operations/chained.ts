import type { Page } from "../instance/table.ts";

export type Source<Row> = { page(after: number, count: number): Page<Row> };

type Rows<Row> = {
  page(after: number, count: number, wanted?: (row: Row) => boolean): Page<Row>;
};

/** Further apart than a source has places. */
const stride = 2 ** 40;

/** The rows of a source that are wanted, each shown in another way. */
export const mapped = <Row, Shown>(
  source: Rows<Row>,
  show: (row: Row) => Shown,
  wanted?: (row: Row) => boolean,
): Source<Shown> => ({
  page(after, count) {
    const { rows, next } = source.page(after, count, wanted);
    return { rows: rows.map(show), next };
  },
});

/** Several sources, one behind the other, as if they were one; a page costs no more than in one. */
export const chained = <Row>(sources: readonly Source<Row>[]): Source<Row> => ({
  page(after, count) {
    const first = Math.max(Math.floor(after / stride), 0);
    const rows: Row[] = [];
    for (const [index, source] of sources.entries()) {
      if (index < first) continue;
      const within = after < 0 || index > first ? -1 : (after % stride) - 1;
      const page = source.page(within, count - rows.length);
      rows.push(...page.rows);
      if (page.next !== null) return { rows, next: index * stride + page.next + 1 };
    }
    return { rows, next: null };
  },
});

/** A few rows that are in memory as they are. */
export const listed = <Row>(all: readonly Row[]): Source<Row> => ({
  page(after, count) {
    const end = after + 1 + count;
    return { rows: all.slice(after + 1, end), next: end < all.length ? end - 1 : null };
  },
});
