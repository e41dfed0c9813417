import { type Turn, UserError, type UserOperation, type Users, type UserUpdate } from "../connect/users.ts";
import type { Delivery } from "../contacts/delivery.ts";
import type { RateLimit } from "../pacing/rate.ts";
import { updatesNeeded } from "./desired-user.ts";
import type { Ledger } from "./ledger.ts";
import { NotNow, turnOf } from "./turn.ts";
import { type Again, readUserCommand } from "./user-command.ts";
import { type WishSteps, wishOf } from "./wish.ts";

export type Applied = { commandId?: string } & (
  | { kind: "created" | "unchanged" | "deleted" }
  | { kind: "updated"; changes: UserUpdate["part"][] }
  /** A later command of the same user has been begun. */
  | { kind: "superseded" }
  /** Sent again, behind what is in the queue: no wait uses up the receives of a message. */
  | { kind: "later"; why: string }
  /** Connect or a rule says no. It is in the dead-letter queue, with the reason. */
  | { kind: "refused"; why: string }
  | { kind: "unusable"; why: string }
  | { kind: "failed"; error: unknown }
);

export const afterwards = {
  created: "delete",
  unchanged: "delete",
  deleted: "delete",
  updated: "delete",
  superseded: "delete",
  later: "delete",
  refused: "delete", // it is in the dead-letter queue
  unusable: "delete", // and so is this
  failed: "deliver again",
} as const satisfies Record<Applied["kind"], "delete" | "deliver again">;

/** All that this story can touch. */
export interface UserSteps extends WishSteps {
  /** @param turn is taken before every request */
  users(turn: Turn): Users;
  /** Of one operation. */
  rate(operation: UserOperation): RateLimit;
  ledger: Ledger;
  commands: { send(again: Again): Promise<void> };
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
  /** Fit for Connect, and different every time. */
  newPassword(): string;
  /** Milliseconds: the longest wait for a turn, and until what was written can be read. */
  patience: { waitMs: number; settleMs: number };
  now(): number;
  /** Resolves at that instant, at once when it has passed. */
  until(at: number): Promise<void>;
}

interface Work {
  delivery: Delivery;
  again: Again;
}

type Results = Map<string, Applied>;

/** So often Connect is asked again where it gives no clear answer. Then the message comes back by itself. */
const mostTries = 6;
/** What must be left of an invocation for the message to be sent again. */
const sendMs = 4_000;

/**
 * Makes users as they should be: parse ▸ resolve ▸ begin ▸ find ▸ compare ▸ write. Commands of one user are carried out one after
 * the other, and the newest one counts, in whatever order they come round. Safe to repeat.
 */
export async function applyUsers(
  deliveries: Delivery[],
  steps: UserSteps,
  mustEndBy: number,
): Promise<Results> {
  const results: Results = new Map();
  const works = await parse(deliveries, steps, results);
  const users = steps.users(turnOf(steps, mustEndBy));
  const byUser = Map.groupBy(works, ({ again }) => again.command.username);
  await Promise.all([...byUser.values()].map((ofUser) => inOrder(ofUser, users, steps, mustEndBy, results)));
  return results;
}

async function parse(deliveries: Delivery[], steps: UserSteps, results: Results): Promise<Work[]> {
  const works: Work[] = [];
  for (const delivery of deliveries) {
    const reading = readUserCommand(delivery);
    if (reading.kind === "command") works.push({ delivery, again: reading.again });
    else results.set(delivery.messageId, await deadLetter(delivery, reading, steps));
  }
  return works;
}

/** One that fails comes back behind those that follow it here, and gives way to them. */
async function inOrder(
  works: Work[],
  users: Users,
  steps: UserSteps,
  mustEndBy: number,
  results: Results,
): Promise<void> {
  for (const { delivery, again } of works) {
    const applied = await carryOut(delivery, again, users, steps, mustEndBy);
    results.set(delivery.messageId, { ...applied, commandId: again.command.commandId });
  }
}

async function carryOut(
  delivery: Delivery,
  again: Again,
  users: Users,
  steps: UserSteps,
  mustEndBy: number,
): Promise<Applied> {
  try {
    const applied = await apply(again, users, steps, mustEndBy).catch((error: unknown) =>
      afterError(error, again, steps, mustEndBy),
    );
    if (applied.kind !== "refused") return applied;
    // As its producer sent it: what is redriven counts as sent anew.
    return await deadLetter({ ...delivery, body: JSON.stringify(again.command) }, applied, steps);
  } catch (error) {
    return { kind: "failed", error };
  }
}

async function apply(
  { command, order }: Again,
  users: Users,
  steps: UserSteps,
  mustEndBy: number,
): Promise<Applied> {
  // Every name is known before anything is written, and before an older command gives way to this one.
  const wish = "user" in command ? await wishOf(command, users, steps) : undefined;
  if (wish?.kind === "refused") return wish;

  const { username } = command;
  const { newest, wroteAt } = await steps.ledger.begin(username, order);
  if (!newest) return { kind: "superseded" };
  await settled(wroteAt, steps, mustEndBy);

  const userId = await users.find(username);
  const writing = (write: () => Promise<unknown>) => noted(username, write, steps);
  if (!wish) return remove(userId, users, writing);
  if (userId === undefined) {
    const password = wish.withPassword && { password: steps.newPassword() };
    await writing(() => users.create({ username, ...wish.user, ...password }));
    return { kind: "created" };
  }
  const needed = updatesNeeded(await described(userId, users), wish.user);
  if (needed.length === 0) return { kind: "unchanged" };
  await writing(async () => {
    for (const update of needed) await users.update(userId, update);
  });
  return { kind: "updated", changes: needed.map(({ part }) => part) };
}

/**
 * However the writing ends, it is known from when on the user can be read. Who is killed before that leaves a message that comes
 * back when its visibility timeout is over, which is longer.
 */
async function noted(username: string, write: () => Promise<unknown>, { ledger }: UserSteps): Promise<void> {
  try {
    await write();
  } finally {
    await ledger.wrote(username);
  }
}

/** Connect takes its time to show what was written: until then a comparison would be one with the past. */
async function settled(
  wroteAt: number | undefined,
  { patience, now, until }: UserSteps,
  mustEndBy: number,
): Promise<void> {
  if (wroteAt === undefined) return;
  const at = wroteAt + patience.settleMs;
  await until(Math.min(at, mustEndBy - sendMs));
  if (at > now()) throw new NotNow("the last change is too recent");
}

async function remove(
  userId: string | undefined,
  users: Users,
  writing: (write: () => Promise<unknown>) => Promise<void>,
): Promise<Applied> {
  if (userId === undefined) return { kind: "unchanged" };
  try {
    await writing(() => users.delete(userId));
    return { kind: "deleted" };
  } catch (error) {
    if (error instanceof UserError && error.kind === "not-found") return { kind: "unchanged" };
    throw error;
  }
}

/** Of a user who was made a moment ago Connect may say either that there is none, or that the request is wrong. */
async function described(userId: string, users: Users): ReturnType<Users["describe"]> {
  try {
    return await users.describe(userId);
  } catch (error) {
    if (error instanceof UserError && error.kind === "refused")
      throw new UserError("not-found", error.operation, error.message);
    throw error;
  }
}

/**
 * Whatever could not be settled is settled by looking the user up when the message comes round: a lost reply, a user who is there
 * already (409) or not to be seen yet, an id that is gone.
 */
async function afterError(
  error: unknown,
  again: Again,
  steps: UserSteps,
  mustEndBy: number,
): Promise<Applied> {
  if (error instanceof NotNow) {
    await steps.commands.send(again);
    return { kind: "later", why: error.message };
  }
  if (!(error instanceof UserError)) throw error;
  if (error.kind === "refused") return { kind: "refused", why: error.message };
  if (error.kind === "not-found") steps.names.forget();
  if (error.kind === "rate") await steps.rate(error.operation).pushBack();
  else if (again.tries >= mostTries) throw error;
  await steps.until(Math.min(steps.now() + 500 * 2 ** again.tries, mustEndBy - sendMs));
  await steps.commands.send({ ...again, tries: error.kind === "rate" ? again.tries : again.tries + 1 });
  return { kind: "later", why: error.message };
}

async function deadLetter<Result extends Applied & { why: string }>(
  delivery: Delivery,
  result: Result,
  { deadLetters }: UserSteps,
): Promise<Result | { kind: "failed"; error: unknown }> {
  try {
    await deadLetters.put(delivery, result.why);
    return result;
  } catch (error) {
    return { kind: "failed", error };
  }
}
