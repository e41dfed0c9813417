import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoPacer } from "../../../lib/pacing/pacer.dynamodb.ts";
import type { Pace } from "../../../lib/pacing/pacer.ts";
import { portions } from "../../../lib/portions.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { pacerContract } from "../../support/pacer-contract.ts";

let emulators: Emulators;
let requests = 0;
/** Characters of the longest update expression. */
let largest = 0;
let contracts = 0;
const client = dynamoDb();
const table = () => String(emulators.env["PACER_TABLE"]);
client.middlewareStack.add(
  (next) => (args) => {
    requests += 1;
    const { UpdateExpression: expression = "" } = args.input as { UpdateExpression?: string };
    largest = Math.max(largest, expression.length);
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
  const pacerId = `contract-${contracts}`;
  return () => new DynamoPacer(client, table(), pacerId, pace, now);
});

describe("the pacer in DynamoDB", () => {
  const pace: Pace = { ratePerSecond: 50, burst: 5, activeCalls: 1_000 };
  let now: number;
  let pacerId = 0;
  const worker = (given = pace) => new DynamoPacer(client, table(), `instance-${pacerId}`, given, () => now);
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

  /** A worker whose every write meets the error. */
  const unlucky = (error: Error) => {
    const sends = {
      send: (command: Parameters<typeof client.send>[0]) => {
        if (command instanceof UpdateItemCommand) throw error;
        return client.send(command);
      },
    };
    return new DynamoPacer(sends as typeof client, table(), `instance-${pacerId}`, pace, () => now);
  };

  it("sends everybody away for a moment, one after the other, where other workers win every race", async () => {
    const lost = new ConditionalCheckFailedException({ message: "lost", $metadata: {} });
    for (const known of [false, true]) {
      if (known) await worker().take(names(1, "first"), 60_000);
      expect(await unlucky(lost).take(names(3, "a"), 12_000)).toEqual({
        slots: [],
        later: [now + 12_000, now + 12_020, now + 12_040],
        boundBy: "rate",
      });
    }
  });

  it("says so where the table cannot be written to, rather than take it for a lost race", async () => {
    const denied = new Error("denied");
    await worker().take(names(1, "first"), 60_000);
    await expect(unlucky(denied).take(names(1, "a"), 60_000)).rejects.toBe(denied);
    await expect(unlucky(denied).release([{ lease: "first-0#1@x" }])).rejects.toBe(denied);
    await expect(unlucky(denied).pushBack("rate")).rejects.toBe(denied);
  });

  it("takes back any number of leases, in expressions that DynamoDB accepts", async () => {
    const leases = names(350, "a");
    for (const portion of portions(leases, 10)) await worker().take(portion, 600_000);
    largest = 0;
    requests = 0;
    await worker().release(leases.map((lease) => ({ lease, heldMs: 1_000 })));
    expect(requests).toBe(4);
    expect(largest).toBeLessThanOrEqual(4 * 1_024);
    now += 1;
    expect(await worker().leasesTakenBefore(now)).toEqual([]);
    requests = 0;
    await worker().release([]);
    expect(requests).toBe(0);
  });
});
