import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
} from "node:fs";
import { join } from "node:path";

/** What the journal keeps: rows of these kinds, each under a key of its own. */
export type Kind = "contact" | "user" | "group" | "levels" | "agent" | "book" | "idle" | "load" | "instance";

type Put = [kind: Kind, key: string, value: unknown];
type Line = { now: number; put?: Put[]; forget?: [kind: Kind, key: string][] };

export type Journal = {
  /** The simulated time of the last line; null for a new one. */
  readonly foundNow: number | null;
  /** The rows of a kind as they were last written, in the order in which they first were. */
  found<Row>(kind: Kind): Row[];
  /** Marks a row as changed: it is written, as it then is, with the next commit. */
  put(kind: Kind, key: string, value: unknown): void;
  forget(kind: Kind, key: string): void;
  /** Writes all that changed since the last commit in one line, so that a kill leaves all of it or nothing. */
  commit(now: number): void;
  /** Forgets everything, marked changes included. */
  clear(now: number): void;
  close(now: number): void;
};

export const noJournal: Journal = {
  foundNow: null,
  found: () => [],
  put() {},
  forget() {},
  commit() {},
  clear() {},
  close() {},
};

const keyOf = (kind: Kind, key: string): string => `${kind} ${key}`;

function readRows(path: string): { rows: Map<string, Put>; now: number | null } {
  const rows = new Map<string, Put>();
  let now: number | null = null;
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  for (const [index, text] of lines.entries()) {
    if (text === "") continue;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      // Only a killed process leaves half a line, and only as the last one.
      if (index === lines.length - 1) break;
      throw new Error(`${path}, line ${index + 1}, is damaged: remove the file to begin anew`);
    }
    now = line.now;
    for (const [kind, key] of line.forget ?? []) rows.delete(keyOf(kind, key));
    for (const put of line.put ?? []) rows.set(keyOf(put[0], put[1]), put);
  }
  return { rows, now };
}

/** JSON lines in `directory`, one per change: what was written when the process died is what there is. */
export function openJournal(directory: string): Journal {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "centre.jsonl");
  const { rows, now: foundNow } = readRows(path);
  const changed = new Map<string, Put>();
  const forgotten = new Map<string, [Kind, string]>();
  let file = openSync(path, "a");
  let linesWritten = 0;
  let closed = false;

  const write = (line: Line): void => {
    appendFileSync(file, `${JSON.stringify(line)}\n`);
    linesWritten += 1;
  };

  function rewrite(now: number): void {
    const draft = `${path}.new`;
    closeSync(file);
    file = openSync(draft, "w");
    linesWritten = 0;
    write({ now });
    for (const put of rows.values()) write({ now, put: [put] });
    renameSync(draft, path);
    linesWritten = 0;
  }

  // Also cuts off half a last line, which would otherwise swallow the next one.
  if (foundNow !== null) rewrite(foundNow);

  return {
    foundNow,
    found: <Row>(kind: Kind) =>
      [...rows.values()].filter((put) => put[0] === kind).map(([, , value]) => value as Row),
    put(kind, key, value) {
      const at = keyOf(kind, key);
      const put: Put = [kind, key, value];
      rows.set(at, put);
      changed.set(at, put);
      forgotten.delete(at);
    },
    forget(kind, key) {
      const at = keyOf(kind, key);
      if (!rows.delete(at)) return;
      changed.delete(at);
      forgotten.set(at, [kind, key]);
    },
    commit(now) {
      // A receiver may still answer after the end, when the descriptor may already be another file's.
      if (closed || changed.size + forgotten.size === 0) return;
      write({
        now,
        ...(forgotten.size > 0 && { forget: [...forgotten.values()] }),
        ...(changed.size > 0 && { put: [...changed.values()] }),
      });
      changed.clear();
      forgotten.clear();
      // A call writes about eight lines in its life, of which only the last one matters.
      if (linesWritten > 10_000 && linesWritten > 20 * rows.size) rewrite(now);
    },
    clear(now) {
      rows.clear();
      changed.clear();
      forgotten.clear();
      if (!closed) rewrite(now);
    },
    close(now) {
      if (closed) return;
      this.commit(now);
      write({ now });
      closed = true;
      closeSync(file);
    },
  };
}
