import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, readSync, renameSync } from "node:fs";
import { join } from "node:path";

/** What the journal keeps: rows of these kinds, each under a key of its own. */
export type Kind =
  | "contact"
  | "user"
  | "group"
  | "levels"
  | "agent"
  | "queueBook"
  | "agentTime"
  | "load"
  | "instance";

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
  /** Writes how far the simulated clock has come, although nothing happened. */
  mark(now: number): void;
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
  mark() {},
  clear() {},
  close() {},
};

const keyOf = (kind: Kind, key: string): string => `${kind} ${key}`;

function readRows(path: string): { rows: Map<string, Put>; now: number | null } {
  const rows = new Map<string, Put>();
  let now: number | null = null;
  let number = 0;
  for (const { text, whole } of linesOf(path)) {
    number += 1;
    if (text === "") continue;
    let line: Line;
    try {
      line = JSON.parse(text) as Line;
    } catch {
      // Only a killed process leaves half a line, and only as the last one.
      if (!whole) break;
      throw new Error(`${path}, line ${number}, is damaged: remove the file to begin anew`);
    }
    now = line.now;
    for (const [kind, key] of line.forget ?? []) rows.delete(keyOf(kind, key));
    for (const put of line.put ?? []) rows.set(keyOf(put[0], put[1]), put);
  }
  return { rows, now };
}

const chunkBytes = 1 << 20;

/** Line by line: the file may be larger than a text can be. `whole`: it ends with a line break. */
function* linesOf(path: string): Generator<{ text: string; whole: boolean }> {
  if (!existsSync(path)) return;
  const file = openSync(path, "r");
  const chunk = Buffer.alloc(chunkBytes);
  let rest: Buffer[] = [];
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0 && at < read; at = chunk.indexOf(10, from)) {
        yield { text: Buffer.concat([...rest, chunk.subarray(from, at)]).toString(), whole: true };
        rest = [];
        from = at + 1;
      }
      rest.push(Buffer.from(chunk.subarray(from, read)));
    }
    yield { text: Buffer.concat(rest).toString(), whole: false };
  } finally {
    closeSync(file);
  }
}

/** The file is written anew when it has grown to so many times what is in it. */
const growth = 4;
/** Below that it may grow as it likes. */
const usualBytes = 64 << 20;
const rowsInLine = 100;

/** JSON lines in `directory`, one per change: what was written when the process died is what there is. */
export function openJournal(directory: string, leastBytes: number = usualBytes): Journal {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "centre.jsonl");
  const { rows, now: foundNow } = readRows(path);
  const changed = new Map<string, Put>();
  const forgotten = new Map<string, [Kind, string]>();
  let file = openSync(path, "a");
  let bytes = 0;
  let bytesOfRows = 0;
  let closed = false;

  const write = (line: Line): void => {
    const text = `${JSON.stringify(line)}\n`;
    appendFileSync(file, text);
    bytes += text.length;
  };

  function rewrite(now: number): void {
    const draft = `${path}.new`;
    closeSync(file);
    file = openSync(draft, "w");
    bytes = 0;
    write({ now });
    const all = [...rows.values()];
    for (let from = 0; from < all.length; from += rowsInLine)
      write({ now, put: all.slice(from, from + rowsInLine) });
    renameSync(draft, path);
    bytesOfRows = bytes;
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
      // A call is written about eight times in its life, of which only the last one matters.
      if (bytes > leastBytes && bytes > growth * bytesOfRows) rewrite(now);
    },
    mark(now) {
      if (!closed) write({ now });
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
