import { SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawFrom } from "../../local/connect-simulator/centre/random.ts";
import { runCli } from "../cli/run-cli.ts";
import { type Received, type Receiver, startReceiver } from "../support/receiver.ts";
import { type RunningService, startService } from "../support/running-service.ts";

const fates = [
  "fails",
  "hangs up",
  "redirects",
  "takes, and hangs up",
  "takes",
  "takes",
  "takes",
  "takes",
] as const;

describe("notices by webhook, on the running service", () => {
  let service: RunningService;
  let flaky: Receiver;
  let dead: Receiver;
  let steady: Receiver;
  let gone: Receiver;
  let isBack = false;
  /** What each has taken with 2xx. */
  const taken: Record<"flaky" | "steady" | "gone", Received[]> = { flaky: [], steady: [], gone: [] };
  const secrets: Record<string, string> = {};

  beforeAll(async () => {
    const draw = drawFrom(4711);
    flaky = await startReceiver((received, answer) => {
      const fate = draw.oneOf(fates);
      if (fate.startsWith("takes")) taken.flaky.push(received);
      if (fate.endsWith("hangs up")) answer.destroy();
      else if (fate === "redirects") answer.writeHead(302, { location: steady.url }).end();
      else answer.writeHead(fate === "takes" ? 200 : 503).end("a body of no interest");
    });
    dead = await startReceiver(() => {});
    steady = await startReceiver((received, answer) => {
      taken.steady.push(received);
      answer.writeHead(204).end();
    });
    gone = await startReceiver((received, answer) => {
      if (isBack) taken.gone.push(received);
      answer.writeHead(isBack ? 204 : 410).end();
    });
    service = await startService({
      environment: {
        CONNECT_RATE_PER_SECOND: "100",
        CONNECT_BURST: "50",
        DELIVERY_FIRST_RETRY_SECONDS: "0.1",
      },
      simulator: { speed: 200 },
    });
    await add("flaky", flaky.url);
    await add("dead", dead.url);
    await add("gone", gone.url, "--state", "placed");
    await add("steady", steady.url, "--state", "ended");
  });
  afterAll(async () => {
    await service.end();
    await Promise.all([flaky, dead, steady, gone].map((receiver) => receiver.stop()));
  });

  async function subscribers(...args: string[]) {
    const { code, stdout, stderr } = await runCli(["subscribers", ...args, "--json"], service.stack.env).ran;
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }
  async function add(id: string, url: string, ...filter: string[]) {
    secrets[id] = (await subscribers("add", id, url, ...filter)).secret;
  }
  const idsOf = (received: Received[]) => new Set(received.map(({ headers }) => headers["webhook-id"]));
  const told = (state?: string) =>
    new Set(service.notices.filter((one) => !state || one.state === state).map(({ noticeId }) => noticeId));
  const has = (received: Received[], ids: Set<string>) => [...ids].every((id) => idsOf(received).has(id));

  it("come to everybody who wants them, whoever else fails or is silent", async () => {
    const requests = ["w-1", "w-2", "w-3", "w-4"];
    for (const requestId of requests) await service.send({ requestId, destination: "+12065550100" });
    for (const requestId of requests) await service.until(requestId, "ended");
    await service.waitFor("every end to be told", () => told("ended").size === requests.length);

    await service.waitFor("the steady one to have every end", () => has(taken.steady, told("ended")));
    // Each at its first attempt: nobody's failures put it off.
    expect(steady.received).toHaveLength(requests.length);
    expect(idsOf(taken.steady)).toEqual(told("ended"));

    await service.waitFor("the flaky one to have every notice", () => has(taken.flaky, told()), 60_000);
    expect(idsOf(taken.flaky)).toEqual(told());
    expect(flaky.received.length).toBeGreaterThan(told().size);

    for (const [id, received] of [
      ["flaky", flaky.received],
      ["steady", steady.received],
    ] as const) {
      const webhook = new Webhook(String(secrets[id]));
      for (const { body, headers } of received)
        expect(webhook.verify(body, headers)).toMatchObject({ noticeId: headers["webhook-id"] });
    }
  }, 90_000);

  it("are kept for one that is gone, which is switched off, until it is back", async () => {
    await service.waitFor("its deliveries to be dead letters", async () => {
      return (await service.depth("NOTICE_DELIVERIES_DLQ_URL")) >= told("placed").size;
    });
    expect((await subscribers("show", "gone")).subscriber).toMatchObject({
      status: "disabled",
      reason: "it answered 410 Gone",
    });
    expect(service.logs()).toMatch(/A subscriber was switched off/);
    expect(service.logs()).toMatch(/"subscriberDisabled":1/);

    isBack = true;
    await subscribers("enable", "gone");
    expect((await subscribers("replay", "gone")).moved).toBe(told("placed").size);
    await service.waitFor("it to have every notice", () => has(taken.gone, told("placed")));
  });

  it("are held back from the one that is silent, and are not lost", async () => {
    await service.waitFor("the circuit to be open", async () => {
      const { subscriber } = await subscribers("show", "dead");
      return subscriber.heldUntil !== undefined;
    });
    expect(await held()).toBeGreaterThanOrEqual(told().size);
    expect(await service.depth("NOTICE_DELIVERIES_DLQ_URL")).toBe(0);
    expect(service.logs()).not.toMatch(/whsec_|5550100/);
  });

  /** Everybody else has all of theirs: what the queue holds, what is delayed included, is for the silent one. */
  async function held(): Promise<number> {
    const { Attributes = {} } = await service.stack.clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: service.stack.env["NOTICE_DELIVERIES_QUEUE_URL"],
        AttributeNames: ["All"],
      }),
    );
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
    const counts = [
      ApproximateNumberOfMessages,
      ApproximateNumberOfMessagesNotVisible,
      Attributes["ApproximateNumberOfMessagesDelayed"],
    ];
    return counts.reduce((sum, count) => sum + Number(count ?? 0), 0);
  }

  it("come to a queue with a filter policy as well, as docs/subscribers.md has it", async () => {
    const { sqs, sns } = service.stack.clients;
    const { env } = service.stack;
    await sqs.send(new CreateQueueCommand({ QueueName: "crm-notices" }));
    await sns.send(
      new SubscribeCommand({
        TopicArn: env["CONTACT_NOTICES_TOPIC_ARN"],
        Protocol: "sqs",
        Endpoint: "arn:aws:sqs:us-east-1:000000000000:crm-notices",
        Attributes: { RawMessageDelivery: "true", FilterPolicy: JSON.stringify({ state: ["ended"] }) },
      }),
    );
    await service.send({ requestId: "by-queue", destination: "+12065550100" });
    await service.until("by-queue", "ended");
    const bodies: string[] = [];
    await service.waitFor("the notice", async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: `${env["AWS_ENDPOINT_URL_SQS"]}/000000000000/crm-notices` }),
      );
      bodies.push(...Messages.map(({ Body = "" }) => Body));
      return bodies.length > 0;
    });
    expect(bodies.map((body) => JSON.parse(body))).toMatchObject([{ requestId: "by-queue", state: "ended" }]);
  });
});
