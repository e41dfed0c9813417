import { logsIn } from "../local/stack/logs.ts";
import type { Told } from "../local/stack/notice-watch.ts";
import { personalDataIn, usedIn } from "../local/stack/personal-data.ts";
import { takeAll, variableOf } from "../local/stack/queue-contents.ts";
import type { Stack } from "../local/stack/stack.ts";
import type { Observed } from "./audit/observed.ts";
import { paceOf } from "./conditions.ts";
import type { Surroundings } from "./disturb/surroundings.ts";
import type { Extent } from "./plan/plan.ts";
import { poisoned } from "./plan/poison.ts";
import type { Sent } from "./producer.ts";
import { allRecords } from "./records.ts";

const deadLetterQueues = [...poisoned, "contact-events", "contact-records"] as const;

export interface Evidence {
  extent: Extent;
  sent: Sent;
  seen: Surroundings["witness"]["seen"];
  notices: Told[];
  /** What had not come to rest. */
  left: string[];
  /** Of the stack, with the logs of its functions. */
  dir: string;
  /** What the stack itself had to say. */
  warnings: string[];
}

/** Everything that the audit goes by, once the stack is at rest. */
export async function observe(stack: Stack, evidence: Evidence): Promise<Observed> {
  const { extent, sent, seen, notices, left, dir, warnings } = evidence;
  const { clients, env, simulator } = stack;
  const deadLetters: Observed["deadLetters"] = [];
  for (const queue of deadLetterQueues) {
    const variable = `${variableOf(queue)}_DLQ_URL`;
    for (const body of await takeAll(clients.sqs, env[variable])) deadLetters.push({ queue, body });
  }
  const logs = [...logsIn(dir), ...warnings].join("\n");
  return {
    pace: paceOf(extent),
    sent,
    records: await allRecords(clients.dynamoDb, env["CONTACTS_TABLE"]),
    contacts: simulator.contacts(),
    connectRequests: simulator.requests(),
    seen,
    notices,
    deadLetters,
    left,
    personalData: personalDataIn(logs, await usedIn(stack, clients.dynamoDb, dir)),
  };
}
