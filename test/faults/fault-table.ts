import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { Outcome } from "../support/faults/side.ts";
import { oneCall, type Scenario } from "./scenario.ts";

export type Verdict = "clean" | "wasteful" | "not clean";

/** @returns `wasteful` where all is right in the end, and deliveries were used up that nothing had failed in */
export function verdictOn(
  { isRight = oneCall, mayHandBack = 0 }: Pick<Scenario, "isRight" | "mayHandBack">,
  outcome: Outcome,
): Verdict {
  if (!isRight(outcome) || !outcome.settled) return "not clean";
  return outcome.handedBack > mayHandBack || outcome.cutOff > 0 ? "wasteful" : "clean";
}

/** One cell of the table: what became of the customer, what else there is to say, and the verdict. */
export function cellOf(scenario: Scenario, outcome: Outcome): string {
  const { calls, stopped, handedBack, cutOff, deadLettered, told, settled } = outcome;
  const vain = handedBack - (scenario.mayHandBack ?? 0);
  const facts = [
    `${counted(calls, "call")}${stopped > 0 ? ", stopped" : ""}`,
    deadLettered > 0 && `${counted(deadLettered, "message")} in the dead-letter queue`,
    vain > 0 && `${counted(vain, "delivery")} in vain`,
    cutOff > 0 && `${counted(cutOff, "invocation")} cut off`,
    told.length > 0 && `told \`${told.join("`, `")}\``,
    !settled && "still open",
  ];
  const verdict = verdictOn(scenario, outcome);
  return `${facts.filter(Boolean).join(", ")}: ${verdict === "clean" ? verdict : `**${verdict}**`}`;
}

const counted = (count: number, one: string): string =>
  `${count} ${count === 1 ? one : one.replace(/y$/, "ie").concat("s")}`;

export const rowOf = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

export const tableOf = (heading: readonly string[], rows: readonly string[]): string =>
  [rowOf(heading), rowOf(heading.map(() => "---")), ...rows].join("\n");

const page = new URL("../../docs/reliability.md", import.meta.url);
const howToRefresh =
  "The tables of docs/reliability.md are made by these tests. Refresh them: UPDATE_TABLE=1 npx vitest run --project all test/faults";

/** The page has this table between its two marks; it is written there first when `UPDATE_TABLE` asks for it. */
export function expectTable(name: string, table: string): void {
  const text = readFileSync(page, "utf8");
  const [opening, closing] = [`<!-- ${name}: made by test/faults -->`, `<!-- /${name} -->`];
  const from = text.indexOf(opening);
  const to = text.indexOf(closing);
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no place for the table ${name}`);
  const block = `${opening}\n\n${table}\n\n`;
  if (process.env["UPDATE_TABLE"] === "1") writeFileSync(page, text.slice(0, from) + block + text.slice(to));
  else expect(text.slice(from, to), howToRefresh).toBe(block);
}
