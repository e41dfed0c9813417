import { portions } from "../../portions.ts";
import type { UserChange } from "../user-change.ts";
import type { ChangeReader } from "../user-changes.ts";
import type { UserCommand } from "../user-command.ts";

export interface CommandQueue {
  /** @returns for each, in the same order, the order of its message; undefined where the queue has not certainly taken it */
  send(commands: UserCommand[]): Promise<(string | undefined)[]>;
}

export interface ApplySteps {
  queue: CommandQueue;
  changes: Pick<ChangeReader, "outcomes">;
  /** How many are settled, of how many. */
  progress(done: number, of: number): void;
  /** How many commands may be under way at once, so that those of others need not wait for a whole roster. */
  window: number;
  /** Milliseconds: between two looks, and without any outcome before it is given up. */
  patience: { lookMs: number; giveUpMs: number };
  now(): number;
  until(at: number): Promise<void>;
}

export interface Followed {
  username: string;
  /** Without one nothing is on record yet of what became of it. */
  state: Exclude<UserChange["state"], "begun"> | "unsettled";
  why?: string;
}

/** How many SQS takes at once. */
const batchSize = 10;

/** Sends commands and follows each to its end: send ▸ look ▸ send. @returns what became of each, in no order */
export async function applyRoster(commands: UserCommand[], steps: ApplySteps): Promise<Followed[]> {
  const waiting = [...commands];
  /** By username, with the order of its message. */
  const underWay = new Map<string, string>();
  const followed: Followed[] = [];
  let lastNewsAt = steps.now();
  steps.progress(0, commands.length);
  while (waiting.length + underWay.size > 0) {
    await send(waiting, underWay, steps);
    const settled = await look(underWay, steps);
    if (settled.length > 0) lastNewsAt = steps.now();
    followed.push(...settled);
    steps.progress(followed.length, commands.length);
    if (steps.now() - lastNewsAt >= steps.patience.giveUpMs) break;
    if (waiting.length + underWay.size > 0) await steps.until(steps.now() + steps.patience.lookMs);
  }
  const unsettled = [...underWay.keys(), ...waiting.map(({ username }) => username)];
  return [...followed, ...unsettled.map((username): Followed => ({ username, state: "unsettled" }))];
}

/** What the queue did not take is tried again with the next. */
async function send(
  waiting: UserCommand[],
  underWay: Map<string, string>,
  { queue, window }: ApplySteps,
): Promise<void> {
  const free = Math.max(0, window - underWay.size);
  for (const batch of portions(waiting.splice(0, free), batchSize)) {
    const orders = await queue.send(batch);
    for (const [index, command] of batch.entries()) {
      const order = orders[index];
      if (order === undefined) waiting.push(command);
      else underWay.set(command.username, order);
    }
  }
}

async function look(underWay: Map<string, string>, { changes }: ApplySteps): Promise<Followed[]> {
  const keys = [...underWay].map(([username, order]) => ({ username, order }));
  const followed: Followed[] = [];
  for (const { username, state, why } of await changes.outcomes(keys)) {
    if (state === "begun") continue;
    underWay.delete(username);
    followed.push({ username, state, ...(why !== undefined && { why }) });
  }
  return followed;
}
