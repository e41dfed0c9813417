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
import type { Contact } from "./centre/contact.ts";

type Line = { now: number; contact?: Contact; forgotten?: string; reset?: true };

export type Journal = {
  /** The contacts as they were last written, oldest first, and the simulated time of the last line. */
  readonly found: { contacts: Contact[]; now: number | null };
  write(line: Line): void;
  /** Begins the file anew with these contacts alone. */
  rewrite(contacts: Iterable<Contact>, now: number): void;
  close(): void;
};

export const noJournal: Journal = {
  found: { contacts: [], now: null },
  write() {},
  rewrite() {},
  close() {},
};

function readLines(path: string): { contacts: Contact[]; now: number | null } {
  const contacts = new Map<string, Contact>();
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
    if (line.reset) contacts.clear();
    if (line.forgotten !== undefined) contacts.delete(line.forgotten);
    if (line.contact) contacts.set(line.contact.contactId, line.contact);
  }
  return { contacts: [...contacts.values()], now };
}

/** JSON lines in `directory`, one per change: what was written when the process died is what there is. */
export function openJournal(directory: string): Journal {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "contacts.jsonl");
  const found = readLines(path);
  let file = openSync(path, "a");

  let closed = false;

  // A receiver may still answer after the end, when the descriptor may already be another file's.
  const write = (line: Line): void => {
    if (!closed) appendFileSync(file, `${JSON.stringify(line)}\n`);
  };

  function rewrite(contacts: Iterable<Contact>, now: number): void {
    if (closed) return;
    const draft = `${path}.new`;
    closeSync(file);
    file = openSync(draft, "w");
    write({ now });
    for (const contact of contacts) write({ now, contact });
    renameSync(draft, path);
  }

  // Also cuts off half a last line, which would otherwise swallow the next one.
  if (found.now !== null) rewrite(found.contacts, found.now);
  return {
    found,
    write,
    rewrite,
    close() {
      closed = true;
      closeSync(file);
    },
  };
}
