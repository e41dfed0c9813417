import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoContacts } from "../lib/contacts/contacts.dynamodb.ts";
import { DynamoPacer } from "../lib/pacing/pacer.dynamodb.ts";
import type { Emulators } from "./emulators.ts";
import type { Subject } from "./subjects.ts";

/** What other functions do while start-contact is measured; it costs the measured process and the counters nothing. */
export interface RestOfService {
  /** track-contact: all calls have ended, so their leases are given back. */
  endCalls(): Promise<void>;
  /** release-due: of these requests, those that are to be sent again, and when (epoch milliseconds). */
  dueTimes(requestIds: string[]): Promise<Map<string, number>>;
  close(): void;
}

export function restOfService({ name }: Subject, emulators: Emulators): RestOfService {
  return name === "ours" ? ourRest(emulators) : nothingElse;
}

/** The recipe has no other functions: what is not placed is a failure, and SQS delivers it again. */
const nothingElse: RestOfService = {
  endCalls: async () => {},
  dueTimes: async () => new Map(),
  close() {},
};

function ourRest({ variables, dynamoDB }: Emulators): RestOfService {
  const client = new DynamoDBClient({
    endpoint: dynamoDB,
    region: "us-east-1",
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
  const pace = {
    ratePerSecond: Number(variables["CONNECT_RATE_PER_SECOND"]),
    burst: Number(variables["CONNECT_BURST"]),
    activeCalls: Number(variables["CONNECT_ACTIVE_CALLS"]),
  };
  const pacer = new DynamoPacer(
    client,
    variables["PACER_TABLE"] ?? "",
    variables["CONNECT_INSTANCE_ID"] ?? "",
    pace,
    Date.now,
  );
  const contacts = new DynamoContacts(client, variables["CONTACTS_TABLE"] ?? "");
  return {
    async endCalls() {
      const leases = await pacer.leasesTakenBefore(Date.now());
      await pacer.release(leases.map((lease) => ({ lease })));
    },
    async dueTimes(requestIds) {
      const records = await contacts.look(requestIds);
      const deferred = [...records.values()].filter(({ state }) => state === "deferred");
      return new Map(deferred.map(({ requestId, dueAt = "" }) => [requestId, Date.parse(dueAt)]));
    },
    close: () => client.destroy(),
  };
}
