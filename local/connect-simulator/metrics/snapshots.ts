import { createHash, randomUUID } from "node:crypto";
import type { Deviations } from "../config/deviations.ts";
import { WireError } from "../wire/wire-error.ts";

/** Real milliseconds that a metric token lives. */
const lifetime = 5 * 60_000;
/** Answers that are being paged through; the oldest are dropped first. */
const mostKept = 1_000;

/** An answer of which pages are still to come. */
export type Snapshot<Row = unknown> = { readonly rows: readonly Row[]; readonly takenAt: number };

export type Snapshots = {
  /** A page of a new answer, or of the one that the token stands for. A token may be used again. */
  page<Row>(request: PageRequest, take: () => Snapshot<Row>): SnapshotPage<Row>;
};

type PageRequest = { token: string | null; size: number; parameters: readonly unknown[] };
type SnapshotPage<Row> = {
  rows: readonly Row[];
  takenAt: number;
  total: number;
  nextToken: string | undefined;
};

type Kept = { snapshot: Snapshot; from: number; digest: string; expiresAt: number };

const digestOf = (parameters: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parameters)).digest("base64");

export function snapshots(realNow: () => number, { metricToken }: Deviations): Snapshots {
  const kept = new Map<string, Kept>();

  function makeRoom(): void {
    const now = realNow();
    for (const [token, { expiresAt }] of kept) {
      if (expiresAt > now && kept.size < mostKept) return;
      kept.delete(token);
    }
  }

  const refusal = (message: string) => new WireError(metricToken, 400, `NextToken: ${message}`);

  function known(token: string, digest: string): Kept {
    const found = kept.get(token);
    if (found === undefined) throw refusal("is not a token of this operation");
    if (found.expiresAt <= realNow()) {
      throw refusal("has expired; it lives for 5 minutes");
    }
    if (found.digest !== digest) {
      throw refusal("must be sent with the same parameters as the request that gave it");
    }
    return found;
  }

  return {
    page<Row>({ token, size, parameters }: PageRequest, take: () => Snapshot<Row>): SnapshotPage<Row> {
      const digest = digestOf(parameters);
      const earlier = token === null ? undefined : known(token, digest);
      const snapshot = earlier === undefined ? take() : (earlier.snapshot as Snapshot<Row>);
      const from = earlier?.from ?? 0;
      const rows = snapshot.rows.slice(from, from + size);
      let nextToken: string | undefined;
      if (from + size < snapshot.rows.length) {
        makeRoom();
        nextToken = randomUUID();
        kept.set(nextToken, { snapshot, from: from + size, digest, expiresAt: realNow() + lifetime });
      }
      return { rows, takenAt: snapshot.takenAt, total: snapshot.rows.length, nextToken };
    },
  };
}
