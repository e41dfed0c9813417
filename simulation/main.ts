import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type TokenRule, tokenRules } from "./parts/connect.ts";
import { runOnThreads } from "./pool.ts";
import { replayOf, type Tally } from "./report.ts";
import { runHistory } from "./run.ts";
import { type SabotageName, sabotages } from "./sabotage.ts";

const help = `npm run simulate -- [options]

Runs the stories of lib/contacts through histories of faults, each from one seed, and holds their promises against what came of it.

  --seed N             replays the history of this seed, line by line; with --histories: the first of them (1)
  --histories N        runs so many histories, of successive seeds, under each token rule, on all cores
  --token-rule RULE    for how long Connect knows a ClientToken: ${tokenRules.join(" | ")} (each; a replay: none)
  --sabotage NAME      breaks what is around the stories, to see it found: ${Object.keys(sabotages).join(" | ")}
  --first              stops at the first history that breaks a promise
  --threads N          (as many as there are cores)
  --json               one JSON document on standard output
  --help

Ends with 0 when every promise was kept, with 1 when one was broken, with 2 when it does not understand what it is asked.
`;

class Misunderstood extends Error {}

process.exitCode = await main().catch((error: unknown) => {
  const isOurs = error instanceof Misunderstood || (error instanceof TypeError && "code" in error);
  if (!isOurs) throw error;
  console.error(`${error.message}\n\n${help}`);
  return 2;
});

async function main(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      histories: { type: "string" },
      "token-rule": { type: "string" },
      sabotage: { type: "string" },
      first: { type: "boolean", default: false },
      threads: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const seed = wholeNumber("seed", values.seed ?? "1");
  const asked = values["token-rule"];
  const tokenRule = asked === undefined ? undefined : oneOf("token-rule", asked, tokenRules);
  const names = Object.keys(sabotages) as SabotageName[];
  const sabotage = values.sabotage === undefined ? undefined : oneOf("sabotage", values.sabotage, names);
  if (values.histories === undefined) return replay(seed, tokenRule ?? "none", sabotage, values.json);

  const seeds = wholeNumber("histories", values.histories);
  const rules = tokenRule === undefined ? tokenRules : [tokenRule];
  const threads = wholeNumber("threads", values.threads ?? String(availableParallelism()));
  const since = performance.now();
  let done = 0;
  const tally = await runOnThreads(
    { seed, seeds, tokenRules: rules, sabotage, stopAtFirst: values.first },
    threads,
    (more) => {
      done += more;
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${seeds} seeds`);
    },
  );
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const seconds = (performance.now() - since) / 1000;
  console.log(
    values.json
      ? JSON.stringify({ tokenRules: rules, ...tally, seconds }, null, 2)
      : textOf(tally, rules, seconds, sabotage),
  );
  return tally.brokenInAll === 0 ? 0 : 1;
}

async function replay(
  seed: number,
  tokenRule: TokenRule,
  sabotage: SabotageName | undefined,
  json: boolean,
): Promise<0 | 1> {
  const {
    trace = [],
    broken,
    ...outcome
  } = await runHistory({
    seed,
    tokenRule,
    traced: true,
    ...(sabotage && { sabotage: sabotages[sabotage] }),
  });
  if (json) console.log(JSON.stringify({ tokenRule, ...outcome, broken, trace }, null, 2));
  else {
    console.log(trace.join("\n"));
    console.log(broken.length === 0 ? "\nEvery promise was kept." : "");
    for (const { invariant, what } of broken) console.log(`Broken: ${invariant}: ${what}`);
  }
  return broken.length === 0 ? 0 : 1;
}

function textOf(
  tally: Tally,
  rules: readonly TokenRule[],
  seconds: number,
  sabotage: SabotageName | undefined,
): string {
  const { histories, runs, happenings, calls, hours, cpuSeconds, broken, brokenInAll } = tally;
  const per = (count: number, of: number) => Math.round(count / of).toLocaleString("en");
  return [
    `${histories} histories, each under the token rule ${rules.join(", ")}, in ${runs} runs: ${calls} calls, ${happenings} happenings, ${Math.round(hours)} hours`,
    `${seconds.toFixed(1)} s, ${per(histories, seconds)} histories a second; for each second of a core ${per(histories, cpuSeconds)}, in ${per(runs, cpuSeconds)} runs`,
    brokenInAll === 0 ? "Every promise was kept." : `A promise was broken in ${brokenInAll} of the runs:`,
    ...broken.flatMap((history) => [
      `  ${replayOf(history, sabotage)}`,
      ...history.broken.slice(0, 3).map(({ invariant, what }) => `    ${invariant}: ${what}`),
    ]),
  ].join("\n");
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1)
    throw new Misunderstood(`--${name} must be a whole number from 1`);
  return number;
}

function oneOf<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new Misunderstood(`--${name} must be one of ${choices.join(", ")}`);
  return found;
}
