import { setImmediate as turn } from "node:timers/promises";
import { History, type HistoryOptions, type Outcome } from "./history.ts";

export async function runHistory(options: HistoryOptions): Promise<Outcome> {
  const history = new History(options);
  await untilOver(history);
  // Nothing in a history needs a turn of the event loop, but a rejection that nobody handles comes out in one.
  await turn();
  return history.outcome();
}

/**
 * Goes one step at a time; the code that a step resumes runs until all of it waits. A tick that a microtask asks for comes when no
 * microtask is left, and costs far less than a turn of the event loop.
 */
function untilOver(history: History): Promise<void> {
  return new Promise((resolve, reject) => {
    const step = () => {
      try {
        if (history.advance()) resolved.then(tick);
        else resolve();
      } catch (error) {
        reject(error);
      }
    };
    const tick = () => process.nextTick(step);
    resolved.then(tick);
  });
}

const resolved = Promise.resolve();
