import { Command, InvalidArgumentError } from "commander";
import { textOf } from "./report.ts";
import { runChaos } from "./run.ts";

interface Options {
  minutes: number;
  seed: number;
  requests?: number;
  json: boolean;
}

const requestsPerMinute = 500;

const numberFrom = (least: number, most: number, isWhole: boolean) => (text: string) => {
  const number = Number(text);
  if (!(number >= least && number <= most) || (isWhole && !Number.isInteger(number)))
    throw new InvalidArgumentError(`must be a ${isWhole ? "whole " : ""}number from ${least} to ${most}.`);
  return number;
};

const { minutes, seed, requests, json } = new Command("npm run chaos --")
  .description(
    "Runs the packaged service on this machine, gets it into all sorts of trouble, lets it come to rest, and then checks what it promises.",
  )
  .option("--minutes <m>", "how long there is trouble", numberFrom(0.1, 600, false), 1)
  .option("--seed <s>", "what all that is sent and injected is drawn from", numberFrom(0, 2 ** 31, true), 1)
  .option(
    "--requests <n>",
    `call requests, with repeats, stops and updates on top; ${requestsPerMinute} a minute when not given`,
    numberFrom(1, 1_000_000, true),
  )
  .option("--json", "the report as JSON, and progress on stderr", false)
  .addHelpText(
    "after",
    `
The same seed sends the same, and plans the same trouble, at the same times. Which request and which worker meet it is up to the operating
system: real processes cannot be replayed step by step.
Status 0: every promise was kept. Status 1: the report says which was not.`,
  )
  .parse()
  .opts<Options>();

const startedAt = Date.now();
const say = (line: string): void => {
  const at = `${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  `;
  console.error(at + line);
};
const extent = { seed, minutes, requests: requests ?? Math.round(minutes * requestsPerMinute), brief: false };
const report = await runChaos(extent, say);
console.log(json ? JSON.stringify(report, null, 2) : textOf(report));
process.exitCode = report.clean ? 0 : 1;
