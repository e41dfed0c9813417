import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import * as v from "valibot";
import { nearNames } from "../near-names.ts";
import { checkEntries, type RawEntry } from "./check-entries.ts";
import { joined, split } from "./escaped-list.ts";
import type { Entry, Problem, RosterFile } from "./roster-file.ts";
import { withUsual } from "./usual.ts";

type Row = Omit<Entry, "line">;

interface Column {
  /** Where it is in a user. */
  path: string;
  /** @returns undefined where the cell says nothing */
  read(cell: string): unknown;
  write(row: Row): string | undefined;
}

const list = (separator: string) => (cell: string) => {
  const parts = split(cell, separator);
  return parts.length > 0 ? parts : undefined;
};
const asItIs = (cell: string) => cell;
const truth = (cell: string): unknown => ({ true: true, false: false })[cell.trim().toLowerCase()] ?? cell;
const number = (cell: string): unknown => (/^\d+$/.test(cell.trim()) ? Number(cell) : cell);

const columns: Record<string, Column> = {
  username: { path: "username", read: asItIs, write: ({ username }) => username },
  firstName: { path: "identity.firstName", read: asItIs, write: ({ user }) => user.identity.firstName },
  lastName: { path: "identity.lastName", read: asItIs, write: ({ user }) => user.identity.lastName },
  email: { path: "identity.email", read: asItIs, write: ({ user }) => user.identity.email },
  phoneType: { path: "phone.type", read: asItIs, write: ({ user }) => user.phone.type },
  autoAccept: { path: "phone.autoAccept", read: truth, write: ({ user }) => String(user.phone.autoAccept) },
  afterContactWorkSeconds: {
    path: "phone.afterContactWorkSeconds",
    read: number,
    write: ({ user }) => String(user.phone.afterContactWorkSeconds),
  },
  deskNumber: { path: "phone.deskNumber", read: asItIs, write: ({ user }) => user.phone.deskNumber },
  routingProfile: { path: "routingProfile", read: asItIs, write: ({ user }) => user.routingProfile },
  securityProfiles: {
    path: "securityProfiles",
    read: list(";"),
    write: ({ user }) => joined(user.securityProfiles, ";"),
  },
  hierarchy: {
    path: "hierarchy",
    read: list("/"),
    write: ({ user }) => user.hierarchy && joined(user.hierarchy, "/"),
  },
  active: { path: "active", read: truth, write: ({ user }) => String(user.active) },
};
const names = Object.keys(columns);
const noTitles = `has no name of a column: ${names.slice(0, 3).join(",")} and so on, with commas between them`;

/** A row with names, in any order, and a row for each user. An empty cell says nothing. */
export function readCsv(text: string): RosterFile {
  const problems: Problem[] = [];
  const rows = rowsOf(text, (line) => {
    if (problems.length === 0)
      problems.push({
        line,
        why: "a quotation mark is where none may be, or is missing: what follows may not have been read",
      });
  });
  const [header, ...users] = rows;
  if (!header)
    return { entries: [], problems: [{ line: 1, why: "there is no row with the names of columns" }] };
  const titles = header.record.map((title) => title.trim());
  // Then it may be a user, of whom nothing is to be told.
  if (!titles.some((title) => names.includes(title)))
    return { entries: [], problems: [{ line: 1, why: noTitles }] };
  problems.push(...problemsOfTitles(titles));
  const raw = users.map(({ info, raw, record }) => {
    // `lines` is where it ends.
    const line = info.lines - (raw.trim().split("\n").length - 1);
    if (record.length > titles.length && record.slice(titles.length).some((cell) => cell.trim() !== ""))
      problems.push({ line, why: `has ${record.length} cells, and there are ${titles.length} columns` });
    return entryOf(line, titles, record);
  });
  const checked = checkEntries(raw);
  return { entries: checked.entries, problems: [...problems, ...checked.problems] };
}

export const writeCsv = (rows: Row[]): string =>
  stringify([names, ...rows.map((row) => Object.values(columns).map(({ write }) => write(row) ?? ""))]);

const rowsSchema = v.array(
  v.object({ info: v.object({ lines: v.number() }), raw: v.string(), record: v.array(v.string()) }),
);

function rowsOf(text: string, onBroken: (line: number) => void): v.InferOutput<typeof rowsSchema> {
  const rows: unknown = parse(text, {
    bom: true,
    info: true,
    raw: true,
    // Of two files that were put together each may end its lines in its own way.
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error) => void onBroken(Number(error?.["lines"] ?? 1)),
  });
  return v.parse(rowsSchema, rows);
}

function problemsOfTitles(titles: string[]): Problem[] {
  const unknown = titles.filter((title) => !names.includes(title));
  const twice = titles.filter((title, at) => names.includes(title) && titles.indexOf(title) !== at);
  return [
    ...unknown.map(
      (title) =>
        `there is no column ${JSON.stringify(title)}; there is ${nearNames(title, names).join(", ")}`,
    ),
    ...twice.map((title) => `the column ${title} is there twice`),
  ].map((why) => ({ line: 1, why }));
}

function entryOf(line: number, titles: string[], cells: string[]): RawEntry {
  const value: Record<string, unknown> = {};
  const nested: Record<string, Record<string, unknown>> = {};
  for (const [at, title] of titles.entries()) {
    const column = Object.hasOwn(columns, title) ? columns[title] : undefined;
    const cell = cells[at] ?? "";
    if (!column || cell === "") continue;
    const [name = "", within] = column.path.split(".").toReversed();
    if (within === undefined) value[name] = column.read(cell);
    else nested[within] = { ...nested[within], [name]: column.read(cell) };
  }
  return {
    line,
    value: withUsual({ ...value, ...nested }),
    placeOf: (path) => ({ line, name: titleOf(path.join(".")) }),
  };
}

const titleOf = (path: string): string =>
  Object.keys(columns).find((title) => `${path}.`.startsWith(`${columns[title]?.path}.`)) ?? path;
