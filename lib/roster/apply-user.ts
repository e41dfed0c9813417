import { type Turn, UserError, type UserOperation, type Users } from "../connect/users.ts";
import type { Delivery } from "../contacts/delivery.ts";
import { textForSqs } from "../intake/text-for-sqs.ts";
import { announce, type Told } from "../notices/announce.ts";
import { type Notices, userNoticeOf } from "../notices/notice.ts";
import type { RateLimit } from "../pacing/rate.ts";
import { Account } from "./account.ts";
import { type IntentSteps, intentOf } from "./intent.ts";
import type { Ledger } from "./ledger.ts";
import { NotNow, turnOf } from "./turn.ts";
import type { SettledChange, UserPart } from "./user-change.ts";
import type { UserChanges } from "./user-changes.ts";
import { type Again, readUserCommand } from "./user-command.ts";
import { type WishSteps, wishOf } from "./wish.ts";

export type Applied = { commandId?: string } & (
  | { kind: "created" | "unchanged" | "deleted" }
  | { kind: "updated"; changes: UserPart[] }
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
export interface UserSteps extends WishSteps, IntentSteps {
  /** @param turn is taken before every request */
  users(turn: Turn): Users;
  /** Of one operation. */
  rate(operation: UserOperation): RateLimit;
  ledger: Ledger;
  changes: UserChanges;
  notices: Notices;
  commands: { send(again: Again): Promise<void> };
  deadLetters: { put(delivery: Delivery, why: string): Promise<void> };
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

/** What the commands of a batch have in common. */
interface Batch {
  users: Users;
  steps: UserSteps;
  mustEndBy: number;
  results: Map<string, Applied>;
  told: Told[];
}

/** So often Connect is asked again where it gives no clear answer. Then the message comes back by itself. */
const mostTries = 6;
/** What must be left of an invocation for the message to be sent again. */
const sendMs = 4_000;

/**
 * Makes users as they should be: parse ▸ resolve ▸ begin ▸ find ▸ compare ▸ note ▸ write ▸ settle ▸ notice. Commands of one user are
 * carried out one after the other, and the newest one counts, in whatever order they come round. Safe to repeat.
 */
export async function applyUsers(
  deliveries: Delivery[],
  steps: UserSteps,
  mustEndBy: number,
): Promise<Map<string, Applied>> {
  const results = new Map<string, Applied>();
  const works = await parse(deliveries, steps, results);
  const users = steps.users(turnOf(steps, mustEndBy));
  const batch: Batch = { users, steps, mustEndBy, results, told: [] };
  const byUser = Map.groupBy(works, ({ again }) => again.command.username);
  await Promise.all([...byUser.values()].map((ofUser) => inOrder(ofUser, batch)));
  await announce(results, batch.told, steps.notices);
  return results;
}

async function parse(
  deliveries: Delivery[],
  { deadLetters }: UserSteps,
  results: Batch["results"],
): Promise<Work[]> {
  const works: Work[] = [];
  for (const delivery of deliveries) {
    const reading = readUserCommand(delivery);
    if (reading.kind === "command") works.push({ delivery, again: reading.again });
    else
      await deadLetters.put(delivery, reading.why).then(
        () => results.set(delivery.messageId, reading),
        (error: unknown) => results.set(delivery.messageId, { kind: "failed", error }),
      );
  }
  return works;
}

/** One that fails comes back behind those that follow it here, and gives way to them. */
async function inOrder(works: Work[], batch: Batch): Promise<void> {
  for (const work of works) {
    const { commandId } = work.again.command;
    const applied = await carryOut(work, batch).catch((error: unknown) => ({
      kind: "failed" as const,
      error,
    }));
    batch.results.set(work.delivery.messageId, { ...applied, commandId });
  }
}

async function carryOut(
  { delivery, again }: Work,
  { users, steps, mustEndBy, told }: Batch,
): Promise<Applied> {
  const account = new Account(steps.changes, again);
  const end = await apply(again, account, users, steps, mustEndBy).catch((error: unknown) =>
    afterError(error, again, account, steps, mustEndBy),
  );
  if (end.kind === "later") return end;
  if (end.kind === "refused")
    // As its producer sent it: what is redriven counts as sent anew.
    await steps.deadLetters.put({ ...delivery, body: textForSqs(again.command) }, end.why);
  const change = await account.settle(end);
  told.push({ messageId: delivery.messageId, notice: userNoticeOf(change) });
  return appliedOf(change);
}

function appliedOf({ state, why = "", changes }: SettledChange): Applied {
  if (state === "updated") return { kind: state, changes: changes.map(({ part }) => part) };
  return state === "refused" ? { kind: state, why } : { kind: state };
}

/** How far one delivery of a command comes. */
type Progress =
  | { kind: "done" }
  | { kind: "superseded" }
  | { kind: "refused"; why: string }
  | { kind: "later"; why: string };

async function apply(
  { command, order }: Again,
  account: Account,
  users: Users,
  steps: UserSteps,
  mustEndBy: number,
): Promise<Progress> {
  // Every name is known before anything is written, and before an older command gives way to this one.
  const wish = "user" in command ? await wishOf(command, users, steps) : undefined;
  if (wish?.kind === "refused") return wish;

  const { username } = command;
  const { newest, wroteAt } = await steps.ledger.begin(username, order);
  if (!newest) return { kind: "superseded" };
  await settled(wroteAt, steps, mustEndBy);

  const intent = await intentOf(username, wish, users, steps);
  if (intent) {
    await account.begin(intent);
    await noted(username, () => intent.write((part) => account.made(part)), steps);
  }
  return { kind: "done" };
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

/**
 * Whatever could not be settled is settled by looking the user up when the message comes round: a lost reply, a user who is there
 * already (409) or not to be seen yet, an id that is gone.
 */
async function afterError(
  error: unknown,
  again: Again,
  account: Account,
  steps: UserSteps,
  mustEndBy: number,
): Promise<Progress> {
  if (error instanceof NotNow) {
    await steps.commands.send(again);
    return { kind: "later", why: error.message };
  }
  if (!(error instanceof UserError)) throw error;
  if (error.kind === "refused") return { kind: "refused", why: error.message };
  if (error.kind === "not-found") steps.names.forget();
  if (error.kind === "duplicate") await account.withdraw();
  if (error.kind === "rate") await steps.rate(error.operation).pushBack();
  else if (again.tries >= mostTries) throw error;
  await steps.until(Math.min(steps.now() + 500 * 2 ** again.tries, mustEndBy - sendMs));
  await steps.commands.send({ ...again, tries: error.kind === "rate" ? again.tries : again.tries + 1 });
  return { kind: "later", why: error.message };
}
