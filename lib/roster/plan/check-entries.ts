import * as v from "valibot";
import { problemOf } from "../../contacts/message-fields.ts";
import { username, userSchema } from "../user-command.ts";
import type { Entry, Problem, RosterFile } from "./roster-file.ts";

/** A user as it was read, whatever that may hold. */
export interface RawEntry {
  line: number;
  value: Record<string, unknown>;
  /** Where something of it stands, and what it is called in the file. */
  placeOf(path: (string | number)[]): { line: number; name: string };
}

const entrySchema = v.strictObject({ username, ...userSchema.entries });

/** The rules of a command, and that nobody is described twice. */
export function checkEntries(raw: RawEntry[]): RosterFile {
  const entries: Entry[] = [];
  const problems: Problem[] = [];
  const lines = new Map<string, number>();
  for (const one of raw) {
    const parsed = v.safeParse(entrySchema, one.value);
    if (!parsed.success) {
      problems.push(...parsed.issues.map((issue) => problemAt(issue, one)));
      continue;
    }
    const { username, ...user } = parsed.output;
    const before = lines.get(username);
    if (before !== undefined) {
      const { line } = one.placeOf(["username"]);
      problems.push({ line, why: `${JSON.stringify(username)} is described on line ${before} already` });
    } else {
      lines.set(username, one.line);
      entries.push({ line: one.line, username, user });
    }
  }
  return { entries, problems: withoutRepeats(problems) };
}

function problemAt(issue: v.BaseIssue<unknown>, { placeOf }: RawEntry): Problem {
  const path = (issue.path ?? []).flatMap(({ key }) =>
    typeof key === "string" || typeof key === "number" ? [key] : [],
  );
  const { line, name } = placeOf(path);
  const rule = problemOf(issue).slice(v.getDotPath(issue)?.length);
  return { line, why: `${name}${rule}` };
}

/** What stands once in the file, for all users, is told once. */
function withoutRepeats(problems: Problem[]): Problem[] {
  const told = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...told.values()];
}
