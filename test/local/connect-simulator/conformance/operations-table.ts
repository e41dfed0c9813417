import { readFileSync, writeFileSync } from "node:fs";
import type { OperationName } from "../../../../local/connect-simulator/wire/operation-names.ts";
import { modelledErrors, modelledOperations } from "./model.ts";
import { constraintCount } from "./places.ts";
import { replyMembers } from "./reply-members.ts";

/** What passed in this run. */
export type Result = {
  replies: number;
  members: Set<string>;
  errors: Map<string, "rule" | "fault">;
  pages?: { usual: number; largest: number };
};

const command =
  "UPDATE_TABLE=1 npx vitest run test/local/connect-simulator/conformance/operations-table.test.ts";
export const howToRefresh = `The table in the README is made by this test. Refresh it: ${command}`;

const readme = new URL("../../../../local/connect-simulator/README.md", import.meta.url);
const opening =
  "<!-- operations: made by test/local/connect-simulator/conformance/operations-table.test.ts -->";
const closing = "<!-- /operations -->";

const heading = ["operation", "happy path", "errors", "pages", "constraints"];
const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const counted = (count: number, one: string): string =>
  `${count} ${count === 1 ? one : one.replace(/y$/, "ie")}s`;

/** In the order of the model: first the 20 operations of the API of 2018. */
export function tableOf(results: ReadonlyMap<OperationName, Result>): string {
  const rows = [...results].sort(([a], [b]) => modelledOperations.indexOf(a) - modelledOperations.indexOf(b));
  const lines = rows.map(([operation, result]) => rowOf(cellsOf(operation, result)));
  return [rowOf(heading), rowOf(heading.map(() => "---")), ...lines, totalsOf(rows)].join("\n");
}

/** A cell is empty when nothing that belongs in it has passed. */
export function cellsOf(operation: OperationName, { replies, members, errors, pages }: Result): string[] {
  const all = replyMembers(operation).size;
  const reply = all === 0 ? "empty" : `${members.size} of ${counted(all, "member")}`;
  const names = [...modelledErrors(operation).keys()].flatMap((error) => {
    const by = errors.get(error);
    return by === undefined ? [] : [error.replace(/Exception$/, by === "fault" ? "°" : "")];
  });
  return [
    operation,
    replies === 0 ? "" : `${replies === 1 ? "1 reply" : `${replies} replies`}, ${reply}`,
    names.join(", "),
    pages === undefined ? "—" : `${pages.usual}/${pages.largest}`,
    String(constraintCount(operation)),
  ];
}

function totalsOf(rows: readonly (readonly [OperationName, Result])[]): string {
  const sum = (of: (result: Result, operation: OperationName) => number) =>
    rows.reduce((total, [operation, result]) => total + of(result, operation), 0);
  const faults = sum(({ errors }) => [...errors.values()].filter((by) => by === "fault").length);
  return rowOf([
    `**${rows.length} operations**`,
    `${sum(({ replies }) => replies)} replies, ${sum(({ members }) => members.size)} members`,
    `${sum(({ errors }) => errors.size)} errors, ${faults} of them °`,
    `${rows.filter(([, { pages }]) => pages !== undefined).length} with pages`,
    String(sum((_, operation) => constraintCount(operation))),
  ]);
}

/** What stands between the two marks; undefined without them. */
export function tableInReadme(): string | undefined {
  const [, after] = readFileSync(readme, "utf8").split(opening);
  return after?.split(closing)[0]?.trim();
}

export function writeToReadme(table: string): void {
  const text = readFileSync(readme, "utf8");
  const block = `${opening}\n\n${table}\n\n${closing}`;
  const from = text.indexOf(opening);
  const to = text.indexOf(closing);
  const whole =
    from < 0 || to < from
      ? `${text.trimEnd()}\n\n## Operations\n\n${block}\n`
      : text.slice(0, from) + block + text.slice(to + closing.length);
  writeFileSync(readme, whole);
}
