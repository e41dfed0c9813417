import { setTimeout as sleep } from "node:timers/promises";
import type { CallRecord } from "../lib/contacts/call-record.ts";
import { isSettled } from "../lib/contacts/contact-states.ts";
import { depthOf } from "../local/stack/queue-contents.ts";
import type { Stack } from "../local/stack/stack.ts";
import { attemptOf } from "./audit/observed.ts";
import { longestEventDelayMs } from "./conditions.ts";
import type { Extent } from "./plan/plan.ts";
import { allLeases, allRecords } from "./records.ts";

const waiting = ["CALL_REQUESTS", "STOP_REQUESTS", "ATTRIBUTE_UPDATES", "CONTACT_EVENTS", "CONTACT_RECORDS"];

/** Milliseconds between two looks. */
const pauseMs = 1_000;
/** After that without any change it will not come to rest: nothing waits for longer than a minute. */
const stuckMs = 150_000;

/**
 * Waits until nothing moves any more, and has not for as long as an event may be late.
 * @returns what has not come to rest, and does not change any more either; empty when all has
 */
export async function comeToRest(
  stack: Stack,
  extent: Extent,
  noticesQueueUrl: string,
  say: (line: string) => void,
): Promise<string[]> {
  const quietMs = longestEventDelayMs(extent);
  let last = "";
  let since = Date.now();
  let saidAt = 0;
  while (true) {
    await stack.invoke("release-due");
    const left = await unrest(stack, extent, noticesQueueUrl);
    const picture = left.join("; ");
    if (picture !== last) [last, since] = [picture, Date.now()];
    if (Date.now() - since > (left.length > 0 ? stuckMs : quietMs)) return left;
    if (Date.now() - saidAt > 5_000) {
      saidAt = Date.now();
      say(
        left.length > 0
          ? `coming to rest: ${left.slice(0, 4).join("; ")}`
          : "quiet; events may still be late",
      );
    }
    await sleep(pauseMs);
  }
}

/** The cheap signs first: records are read only when the queues are empty. */
async function unrest(stack: Stack, { brief }: Extent, noticesQueueUrl: string): Promise<string[]> {
  const { clients, env, simulator } = stack;
  const left: string[] = [];
  for (const queue of waiting) {
    const depth = await depthOf(clients.sqs, env[`${queue}_QUEUE_URL`]);
    if (depth > 0) left.push(`${queue.toLowerCase().replace("_", "-")} holds ${depth}`);
  }
  const notices = await depthOf(clients.sqs, noticesQueueUrl);
  if (notices > 0) left.push(`${notices} notices are under way`);
  if (stack.busy() > 0) left.push(`${stack.busy()} invocations`);
  if (left.length > 0) return left;

  const records = await allRecords(clients.dynamoDb, env["CONTACTS_TABLE"]);
  const open = records.filter(isOpen);
  const parked = new Set(records.filter(({ state }) => state === "parked").map(({ requestId }) => requestId));
  // Nobody knows the contact of a parked request, so nobody can end it.
  const running = simulator
    .contacts()
    .filter((contact) => !contact.disconnectedAt && !parked.has(attemptOf(contact).requestId));
  const leases = brief ? [] : await allLeases(clients.dynamoDb, env["PACER_TABLE"]);
  return [
    ...open.map(({ requestId, state }) => `${requestId} is ${state}`),
    ...running.map(({ attributes }) => `the call of ${attributes["attemptId"]} goes on`),
    ...leases.map((lease) => `the lease ${lease} is held`),
  ];
}

/** Time, or a message, will still change it. */
const isOpen = ({ state, untold, checkAt, parted }: CallRecord): boolean =>
  !isSettled(state) || untold === true || checkAt !== undefined || parted !== undefined;
