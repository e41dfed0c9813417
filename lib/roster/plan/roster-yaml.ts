import { type Document, isNode, LineCounter, parseDocument, stringify } from "yaml";
import { checkEntries, type RawEntry } from "./check-entries.ts";
import type { Entry, Problem, RosterFile } from "./roster-file.ts";
import { withUsual } from "./usual.ts";

type Path = (string | number)[];

/** `users`, a list of users in the form of a command with their `username`, and `defaults` for all of them. */
export function readYaml(text: string): RosterFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const errors = document.errors.map(({ message, linePos }) => ({
    line: linePos?.[0].line ?? 1,
    // The rest draws the place.
    why: (message.split(/ at line |\n/)[0] ?? message).trim(),
  }));
  if (errors.length > 0) return { entries: [], problems: errors };
  const lineAt = (path: Path) => lines.linePos(startOf(document, path)).line;
  const content = contentOf(document);
  if (content instanceof ReferenceError)
    return { entries: [], problems: [{ line: 1, why: content.message }] };
  if (!isMapping(content)) return { entries: [], problems: [{ line: 1, why: "must have a list users" }] };
  const { defaults = {}, users, ...others } = content;
  const problems: Problem[] = Object.keys(others).map((key) => ({
    line: lineAt([key]),
    why: `${key} is not a known field`,
  }));
  if (!isMapping(defaults)) problems.push({ line: lineAt(["defaults"]), why: "defaults must be a mapping" });
  if (!Array.isArray(users)) {
    problems.push({ line: lineAt(["users"]), why: "users must be a list" });
    return { entries: [], problems };
  }
  const raw = users.map((value: unknown, index): RawEntry => {
    const line = lineAt(["users", index]);
    return {
      line,
      value: withUsual(mappingIn(defaults), mappingIn(value)),
      placeOf: (path) => ({ line: lineOf(document, index, path, lineAt), name: path.join(".") }),
    };
  });
  const checked = checkEntries(raw);
  return { entries: checked.entries, problems: [...problems, ...checked.problems] };
}

export const writeYaml = (entries: Omit<Entry, "line">[]): string =>
  stringify(
    { users: entries.map(({ username, user }) => ({ username, ...user })) },
    { lineWidth: 0, blockQuote: false },
  );

/** @returns the error where an alias leads nowhere. As many users as one likes may be said to be alike. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: -1 });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

/** Of the user itself where it says something of it, else of the defaults that it is from. */
function lineOf(document: Document, index: number, path: Path, lineAt: (path: Path) => number): number {
  for (let length = path.length; length > 0; length -= 1) {
    const part = path.slice(0, length);
    for (const at of [
      ["users", index, ...part],
      ["defaults", ...part],
    ])
      if (document.hasIn(at)) return lineAt(at);
  }
  return lineAt(["users", index]);
}

function startOf(document: Document, path: Path): number {
  const node: unknown = path.length > 0 && document.getIn(path, true);
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

const mappingIn = (value: unknown): Record<string, unknown> => (isMapping(value) ? value : {});

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
