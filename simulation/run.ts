import { setImmediate as turn } from "node:timers/promises";
import { History, type HistoryOptions, type Outcome } from "./history.ts";

/** Runs histories until `next` gives no more, one after the other. */
export async function runHistories(
  next: () => HistoryOptions | undefined,
  done: (outcome: Outcome) => void,
): Promise<void> {
  for (let options = next(); options; options = next()) done(await runHistory(options));
}

/** Goes one step at a time; the code that a step resumes runs until all of it waits. */
export async function runHistory(options: HistoryOptions): Promise<Outcome> {
  // From here on this is a microtask, whoever calls.
  await undefined;
  const history = new History(options);
  while (history.advance()) await allWaits();
  // Nothing in a history needs a turn of the event loop, but a rejection that nobody handles comes out in one.
  await turn();
  return history.outcome();
}

/** A tick that a microtask asks for comes when no microtask is left, and costs far less than a turn of the event loop. */
const allWaits = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
