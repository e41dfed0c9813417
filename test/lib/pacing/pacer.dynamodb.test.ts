import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoPacer } from "../../../lib/pacing/pacer.dynamodb.ts";
import type { Pace } from "../../../lib/pacing/pacer.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { pacerContract } from "../../support/pacer-contract.ts";

let emulators: Emulators;
let requests = 0;
let contracts = 0;
const client = dynamoDb();
client.middlewareStack.add(
  (next) => (args) => {
    requests += 1;
    return next(args);
  },
  { step: "finalizeRequest", name: "count" },
);

beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

pacerContract((pace, now) => {
  contracts += 1;
  const table = String(emulators.env["CONTACTS_TABLE"]).replace("contacts", "pacer");
  const pacerId = `contract-${contracts}`;
  return () => new DynamoPacer(client, table, pacerId, pace, now);
});

describe("the pacer in DynamoDB", () => {
  const pace: Pace = { ratePerSecond: 50, burst: 5, activeCalls: 1_000 };
  let now: number;
  let pacerId = 0;
  const worker = (given = pace) =>
    new DynamoPacer(
      client,
      String(emulators.env["CONTACTS_TABLE"]).replace("contacts", "pacer"),
      `instance-${pacerId}`,
      given,
      () => now,
    );
  const names = (count: number, prefix: string) =>
    Array.from({ length: count }, (_, index) => `${prefix}-${index}#1@x`);

  beforeEach(() => {
    now = Date.parse("2026-11-24T12:00:00Z");
    pacerId += 1;
    requests = 0;
  });

  it("hands twenty workers distinct slots at the steady rate, in one write for ten calls", async () => {
    await worker().take(names(1, "first"), 60_000);
    requests = 0;
    const workers = Array.from({ length: 20 }, worker.bind(undefined, pace));
    const grants = await Promise.all(workers.map((one, index) => one.take(names(10, `w${index}`), 60_000)));
    const slots = grants.flatMap(({ slots }) => slots.map(({ at }) => at)).sort((a, b) => a - b);
    expect(slots).toHaveLength(200);
    const steady = slots.slice(5);
    expect(steady.every((at, index) => index === 0 || at - (steady[index - 1] ?? 0) >= 19)).toBe(true);
    // A worker that knows nothing yet may guess wrong, look, and write again.
    expect(requests / 200).toBeLessThanOrEqual(0.3);
    requests = 0;
    for (let round = 0; round < 20; round += 1) await workers[0]?.take(names(10, `again${round}`), 600_000);
    expect(requests / 200).toBeLessThanOrEqual(0.15);
  });
});
