import { SQSClient } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type CallRequest,
  ContactAutomation,
  type Deployment,
  InvalidMessages,
  NotSent,
  type Progress,
} from "../../client/index.ts";
import { readAttributeUpdate } from "../../lib/contacts/attribute-update.ts";
import { readStopRequest } from "../../lib/contacts/stop-request.ts";
import { groupIdOf } from "../../lib/intake/group-id.ts";
import type { MessageKind } from "../../lib/intake/message.ts";
import { readUserCommand } from "../../lib/roster/user-command.ts";
import { type IntakeQueues, startIntakeQueues } from "../support/intake-queues.ts";
import { aDesiredUser } from "../support/roster-world.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
let queues: IntakeQueues;
let pauses: number[];
beforeAll(async () => {
  queues = await startIntakeQueues();
});
beforeEach(() => {
  queues.renew();
  pauses = [];
});
afterAll(() => queues.stop());

const toQueues = (): Deployment => ({
  queueUrls: {
    callRequests: queues.urls["call-request"],
    stopRequests: queues.urls["stop-request"],
    attributeUpdates: queues.urls["attribute-update"],
    userCommands: queues.urls["user-command"],
  },
});

function aClient({ deployment = toQueues(), sqs = queues.sqs, duringPause = () => {} } = {}) {
  let ids = 0;
  return new ContactAutomation(deployment, sqs, {
    sleep: async (ms) => {
      pauses.push(ms);
      duringPause();
    },
    random: () => 1,
    now: () => now,
    newId: () => {
      ids += 1;
      return `made-${ids}`;
    },
  });
}

const aCall = (index: number, fields: Partial<CallRequest> = {}): CallRequest => ({
  requestId: `r-${index}`,
  destination: "+12065550100",
  ...fields,
});
const calls = (count: number) => Array.from({ length: count }, (_, index) => aCall(index));
const bodies = (kind: MessageKind) => queues.held(kind).map(({ body }) => JSON.parse(body));
const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a client", () => {
  it("asks for one call, or for many, and returns their ids in order", async () => {
    expect(await aClient().requestCall(aCall(1, { attributes: { case: "A-1" } }))).toEqual(["r-1"]);
    expect(bodies("call-request")).toEqual([aCall(1, { attributes: { case: "A-1" } })]);
    expect(await aClient().requestCall(calls(120))).toEqual(calls(120).map(({ requestId }) => requestId));
    expect(bodies("call-request")).toHaveLength(121);
    expect(await aClient().requestCall([])).toEqual([]);
  });

  it("stops requests, contacts and campaigns, under ids of its own where there are none", async () => {
    const ids = await aClient().stop([
      { requestId: "r-1", reason: "paid" },
      { stopId: "mine", contactId: "c-1" },
      { campaignId: "spring", stopId: undefined },
    ]);
    expect(ids).toEqual(["made-1", "mine", "made-2"]);
    const readings = queues.held("stop-request").map(({ body }) => readStopRequest(body));
    expect(readings.map(({ kind }) => kind)).toEqual(["stop", "stop", "stop"]);
  });

  it("updates attributes, as of now where it is not told since when, in the group of the request or contact", async () => {
    const ids = await aClient().updateAttributes([
      { requestId: "r-1", attributes: { vip: "yes" } },
      { updateId: "mine", contactId: "c-1", attributes: { vip: "no" }, occurredAt: "2026-11-24T11:00:00Z" },
    ]);
    expect(ids).toEqual(["made-1", "mine"]);
    const held = queues.held("attribute-update");
    expect(held.map(({ group }) => group)).toEqual(["r-1", "c-1"]);
    expect(held.map(({ body }) => readAttributeUpdate(body, now))).toMatchObject([
      { kind: "update", update: { occurredAt: "2026-11-24T12:00:00.000Z" } },
      { kind: "update", update: { occurredAt: "2026-11-24T11:00:00.000Z" } },
    ]);
  });

  it("says how users are to be, in the group of each, under ids of its own where there are none", async () => {
    const username = "Ana Ruíz";
    const ids = await aClient().commandUsers([
      { commandId: "mine", username: "ana", user: aDesiredUser({ tags: { team: "night" } }), source: "hr" },
      { username, delete: true },
    ]);
    expect(ids).toEqual(["mine", "made-1"]);
    const held = queues.held("user-command");
    expect(held.map(({ group }) => group)).toEqual(["ana", groupIdOf(username)]);
    const fifo = (group = "") => ({ group, sequenceNumber: "1" });
    expect(
      held.map(({ body, group }) =>
        readUserCommand({ messageId: "m", body, redelivered: false, fifo: fifo(group) }),
      ),
    ).toMatchObject([{ kind: "command" }, { kind: "command" }]);
  });

  it("finds the queues of a stage, and asks for each of them once", async () => {
    let asked = 0;
    const sqs = new SQSClient({ ...queues.access, useQueueUrlAsEndpoint: false });
    sqs.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === "GetQueueUrlCommand") asked += 1;
          return next(args);
        },
      { step: "initialize" },
    );
    const client = aClient({ deployment: { stage: "test" }, sqs });
    await client.requestCall(aCall(1));
    await client.requestCall(aCall(2));
    await client.updateAttributes({ requestId: "r-1", attributes: { vip: "yes" } });
    expect(asked).toBe(2);
    expect([bodies("call-request").length, bodies("attribute-update").length]).toEqual([2, 1]);
  });

  it.each([
    [{ stage: "nowhere" }, /queue does not exist/],
    [{ queueUrls: {} }, /queueUrls.callRequests is needed/],
  ])("sends nothing when it does not know where to: %j", async (deployment, message) => {
    await expect(aClient({ deployment }).requestCall(aCall(1))).rejects.toThrow(message);
    expect(pauses).toEqual([]);
  });
});

describe("messages that the service would not understand", () => {
  it("are all named, with nothing of the same call sent, and nothing of their values told", async () => {
    const cyclic = { requestId: "r-3", destination: "+12065550100" };
    Reflect.set(cyclic, "self", cyclic);
    const error = await thrownBy(
      aClient().requestCall([
        aCall(0),
        aCall(1, { destination: "+1206secret" }),
        aCall(2, { ringTimeoutSeconds: 7, name: "" }),
        cyclic,
        null as never,
      ]),
    );
    expect(error).toBeInstanceOf(InvalidMessages);
    expect((error as InvalidMessages).messages).toEqual([
      { index: 1, id: "r-1", problems: [expect.stringMatching(/^destination /)] },
      {
        index: 2,
        id: "r-2",
        problems: [expect.stringMatching(/^name /), expect.stringMatching(/^ringTimeout/)],
      },
      { index: 3, problems: [expect.any(String)] },
      { index: 4, problems: [expect.any(String)] },
    ]);
    expect(String(error)).toContain("4 messages cannot be sent: [1] r-1: destination ");
    expect(String(error)).not.toContain("secret");
    expect(queues.held("call-request")).toEqual([]);
  });

  it("are not those that only lack what the deployment may have as its default", async () => {
    await aClient().requestCall({
      requestId: "r-1",
      destination: "(206) 555-0100",
      destinationCountry: "US",
    });
    expect(bodies("call-request")).toHaveLength(1);
  });

  it("are not those with members that are undefined, or instants as dates", async () => {
    const attributes = { vip: "yes" };
    const occurredAt = new Date(now) as never;
    await aClient().updateAttributes({ requestId: "r-1", contactId: undefined, attributes, occurredAt });
    expect(bodies("attribute-update")).toMatchObject([{ occurredAt: "2026-11-24T12:00:00.000Z" }]);
  });

  it("are listed shortly in the error's text, however many there are", async () => {
    const error = await thrownBy(aClient().stop(Array.from({ length: 500 }, () => ({ requestId: "a b" }))));
    expect((error as InvalidMessages).messages).toHaveLength(500);
    expect(String(error)).toMatch(/and 490 more$/);
    expect(String(error).length).toBeLessThan(2_000);
  });
});

describe("messages that the queue does not take", () => {
  it("are sent again after a growing pause, and only they", async () => {
    queues.renew(1_024);
    const client = aClient({ duringPause: () => pauses.length === 2 && queues.renew() });
    const late = aCall(1, { name: "x".repeat(1_000) });
    await client.requestCall([aCall(0), late, aCall(2)]);
    expect(pauses).toEqual([200, 400]);
    // The queue that takes everything began empty.
    expect(bodies("call-request")).toEqual([late]);
  });

  it("are named when it has refused them often enough, with the reason", async () => {
    queues.renew(1_024);
    const long = { name: "x".repeat(1_000) };
    const error = await thrownBy(aClient().requestCall([aCall(0), aCall(1, long), aCall(2), aCall(3, long)]));
    expect(error).toBeInstanceOf(NotSent);
    expect(error).toMatchObject({
      message: "2 messages not sent: r-1; r-3",
      messages: [
        { index: 1, id: "r-1" },
        { index: 3, id: "r-3" },
      ],
      cause: { name: "EntriesRefused", code: "InvalidParameterValue" },
    });
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200]);
    expect(bodies("call-request")).toEqual([aCall(0), aCall(2)]);
  });

  it("are each sent or named, whatever the queue does", async () => {
    const takes = fc.array(fc.constantFrom("all", "short", "none"), { minLength: 5, maxLength: 9 });
    const lengths = fc.array(fc.boolean(), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(takes, lengths, async (rounds, long) => {
        queues.renew();
        let round = 0;
        const sqs = new SQSClient({ ...queues.access, maxAttempts: 1 });
        sqs.middlewareStack.add(
          (next) => (args) => {
            const entries = (args.input as { Entries: { Id: string; MessageBody: string }[] }).Entries;
            const takes = rounds[round] ?? "none";
            if (takes === "none") throw new Error("out of order");
            const taken = entries.filter(({ MessageBody }) => takes === "all" || MessageBody.length < 500);
            if (taken.length === 0) return Promise.resolve({ output: {}, response: {} }) as never;
            return next({ ...args, input: { ...args.input, Entries: taken } });
          },
          { step: "initialize" },
        );
        const duringPause = () => {
          round += 1;
        };
        const requests = long.map((isLong, index) => aCall(index, isLong ? { name: "x".repeat(600) } : {}));
        const error = await thrownBy(aClient({ sqs, duringPause }).requestCall(requests));
        const unsent = error instanceof NotSent ? error.messages.map(({ id }) => id) : [];
        const sent = bodies("call-request").map(({ requestId }) => requestId);
        expect([...sent, ...unsent].sort()).toEqual(requests.map(({ requestId }) => requestId).sort());
        sqs.destroy();
      }),
      { seed: 11, numRuns: 30 },
    );
  });
});

describe("a campaign", () => {
  it("is sent while it is read, with no more than a thousand requests in memory", async () => {
    let read = 0;
    let widest = 0;
    const told: Progress[] = [];
    async function* requests() {
      for (; read < 2_500; read += 1) {
        widest = Math.max(widest, read - (told.at(-1)?.sent ?? 0));
        yield aCall(read);
      }
    }
    const onProgress = (progress: Progress) => void told.push(progress);
    expect(await aClient().requestCalls(requests(), { onProgress })).toEqual({ sent: 2_500, invalid: 0 });
    expect(told.map(({ sent }) => sent)).toEqual([1_000, 2_000, 2_500]);
    expect(widest).toBeLessThanOrEqual(1_000);
    expect(bodies("call-request")).toHaveLength(2_500);
  });

  it("ends at a request that cannot be sent, and says where that was", async () => {
    const requests = [...calls(1_500), aCall(1_500, { destination: "?" })];
    const error = await thrownBy(aClient().requestCalls(requests));
    expect(error).toMatchObject({ name: "InvalidMessages", messages: [{ index: 1_500, id: "r-1500" }] });
    expect(bodies("call-request")).toHaveLength(1_000);
  });

  it("goes on without what cannot be sent, where somebody is told of it", async () => {
    const invalid: number[] = [];
    const requests = [aCall(0), aCall(1, { destination: "?" }), aCall(2)];
    const onInvalid = ({ index }: { index: number }) => void invalid.push(index);
    expect(await aClient().requestCalls(requests, { onInvalid })).toEqual({ sent: 2, invalid: 1 });
    expect(invalid).toEqual([1]);
    expect(bodies("call-request")).toEqual([aCall(0), aCall(2)]);
  });
});
