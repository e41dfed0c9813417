import { setImmediate as turn } from "node:timers/promises";
import { History, type HistoryOptions, type Outcome } from "./history.ts";

/** So many histories share each turn of the event loop, which is dear, and know nothing of each other. */
const together = 32;

/** Runs histories until `next` gives no more. In a turn each goes one step, and its code runs until all of it waits. */
export async function runHistories(
  next: () => HistoryOptions | undefined,
  done: (outcome: Outcome) => void,
): Promise<void> {
  const running: History[] = [];
  for (;;) {
    while (running.length < together) {
      const options = next();
      if (!options) break;
      running.push(new History(options));
    }
    if (running.length === 0) return;
    for (let index = 0; index < running.length; index += 1) {
      const history = running[index];
      if (!history || history.advance()) continue;
      done(history.outcome());
      const last = running.pop();
      if (last && last !== history) {
        running[index] = last;
        index -= 1;
      }
    }
    await turn();
  }
}

export async function runHistory(options: HistoryOptions): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  let left: HistoryOptions | undefined = options;
  await runHistories(
    () => {
      const only = left;
      left = undefined;
      return only;
    },
    (outcome) => outcomes.push(outcome),
  );
  const [outcome] = outcomes;
  if (!outcome) throw new Error("the history has no outcome");
  return outcome;
}
