import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Resource } from "../local/stack/cloudformation.ts";
import { deploymentOf } from "../local/stack/deployment.ts";
import { packagedService } from "../local/stack/packaged-service.ts";
import { type Receiver, startReceiver } from "./support/receiver.ts";
import {
  exerciseApi,
  exerciseMetrics,
  exerciseNotices,
  exerciseScim,
  exerciseUsers,
  scimToken,
  webhookSecret,
} from "./support/rights/around.ts";
import { exerciseContacts } from "./support/rights/contacts.ts";
import { gymOf } from "./support/rights/exercise.ts";
import { recorder } from "./support/rights/recorder.ts";
import { covers, type Right, rightsOf } from "./support/rights/statements.ts";
import { type RunningService, startService } from "./support/running-service.ts";

const hour = 3_600_000;
const plenty = { rate: 1_000, burst: 1_000 };
const queue = "Queue 5ca1ab1e-0000-4000-8000-000000000002";
/** With a profile and a group that a user can be moved to. */
const centre = {
  instances: [
    {
      routingProfiles: ["Basic Routing Profile", "Other"].map((name) => ({ name, queues: [queue] })),
      hierarchy: { levels: ["Region"], groups: [{ name: "EMEA" }] },
    },
  ],
};
const record = recorder();

/** The last part of an ARN. */
const nameIn = (arn: unknown) => String(arn).split(/[:/]/).at(-1);

/** What the mapping of a queue asks for, under the rights of the function. */
const byLambda = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** What is asked for by others than the function, or at times that this run does not reach. */
const forOthers: { action: RegExp; of?: RegExp; why: string }[] = [
  { action: /^logs:/, why: "Lambda writes what the function prints" },
  { action: /^xray:/, why: "Lambda sends the segments of a trace" },
  { action: new RegExp(`^(${byLambda.join("|")})$`), why: "a test of its own, below" },
  {
    action: /^dynamodb:BatchGetItem$/,
    of: /snapshot-metrics$/,
    why: "each interval is read once more, a quarter of an hour later, and compared with what is kept",
  },
  { action: /^connect:TagResource$/, of: /apply-user$/, why: "CreateUser with tags asks for it" },
  {
    action: /^ds:DescribeDirectories$/,
    of: /apply-user$/,
    why: "CreateUser and DescribeInstance ask for it",
  },
];

const isForOthers = ({ action }: Right, name: string) =>
  forOthers.some((known) => known.action.test(action) && (known.of?.test(name) ?? true));

/** Connect's operations are given on the instance and on the objects in it together, and few of them touch all of these. */
function isUsed(right: Right, rights: Right[], calls: Right[]): boolean {
  const used = (one: Right) => calls.some((call) => covers(one, call));
  if (!right.action.startsWith("connect:")) return used(right);
  const ofAction = rights.filter(({ action }) => action === right.action);
  const ofResource = rights.filter(({ resource }) => resource === right.resource);
  return ofAction.some(used) && ofResource.some(used);
}

describe("what each function may do", () => {
  let service: RunningService;
  let receiver: Receiver;
  let resources: Resource[];

  beforeAll(async () => {
    const { template } = await packagedService(
      process.cwd(),
      (line) => void process.stderr.write(`${line}\n`),
    );
    const queueUrl = (name: string) => `http://queues/${name}`;
    resources = deploymentOf(template, { queueUrl, apiUrl: undefined }, undefined).resources;
    let answers = 0;
    receiver = await startReceiver((_, answer) => {
      answers += 1;
      answer.writeHead(answers === 1 ? 503 : 204).end();
    });
    const { before } = record;
    service = await startService({
      visibilityTimeout: 5,
      through: {
        CONNECT: before,
        DYNAMODB: before,
        S3: before,
        SNS: before,
        SQS: before,
        SSM: before,
        STS: before,
      },
      environment: {
        NODE_OPTIONS: `--import=${new URL("./support/rights/name-the-caller.ts", import.meta.url).href}`,
        CONNECT_RATE_PER_SECOND: "20",
        CONNECT_BURST: "5",
        CALL_CHECK_SECONDS: "2",
        CONNECT_METRICS_RATE_PER_SECOND: "200",
        CONNECT_METRICS_BURST: "100",
        DELIVERY_FIRST_RETRY_SECONDS: "0.1",
        USERS_SETTLE_SECONDS: "1",
        CONNECT_USERS_RATE_PER_SECOND: "50",
        CONNECT_USERS_BURST: "50",
      },
      simulator: {
        speed: 5,
        startAt: new Date(Date.now() - 3 * hour),
        durations: { ring: [50, 50], flow: [300, 300] },
        centre,
        quotas: { StartOutboundVoiceContact: plenty, GetMetricData: plenty },
      },
      parameters: {
        "/contact-automation-local/webhooks/ours": JSON.stringify({ secrets: [webhookSecret] }),
        "/contact-automation-local/scim/tokens": JSON.stringify({ secrets: [scimToken] }),
      },
    });
    const gym = gymOf(service, record);
    await exerciseNotices(gym, receiver);
    await exerciseApi(gym);
    await exerciseUsers(gym);
    await exerciseScim(gym);
    await exerciseMetrics(gym);
    await exerciseContacts(gym);
  }, 180_000);
  afterAll(async () => {
    await service?.end();
    await Promise.all([record.stop(), receiver?.stop()]);
  });

  const functions = () =>
    resources
      .filter(({ type }) => type === "AWS::Lambda::Function")
      .map(({ properties }) => {
        const role = resources.find(({ logicalId }) => logicalId === nameIn(properties["Role"]));
        return { name: String(properties["FunctionName"]), rights: rightsOf(role?.properties) };
      });
  const callsOf = (name: string) => record.calls.filter(({ functionName }) => functionName === name);

  it("are as many functions as there are in the template, each of which has asked for something", () => {
    const asking = new Set(record.calls.map(({ functionName }) => functionName));
    expect([...asking].toSorted()).toEqual(
      functions()
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it("allows all that they ask for", () => {
    const refused = functions().flatMap(({ name, rights }) =>
      callsOf(name)
        .filter((call) => !rights.some((right) => covers(right, call)))
        .map(({ action, resource }) => `${name}: ${action} on ${resource}`),
    );
    expect([...new Set(refused)]).toEqual([]);
  });

  it("allows nothing that they never ask for, but for what is known to be asked for by others", () => {
    const unused = functions().flatMap(({ name, rights }) =>
      rights
        .filter((right) => !isUsed(right, rights, callsOf(name)) && !isForOthers(right, name))
        .map(({ action, resource }) => `${name}: ${action} on ${resource}`),
    );
    expect(unused).toEqual([]);
  });

  it("lets Lambda read the queues that it reads for them, and no others", () => {
    const mappings = resources.filter(({ type }) => type === "AWS::Lambda::EventSourceMapping");
    for (const { name, rights } of functions()) {
      const read = mappings.filter(({ properties }) => nameIn(properties["FunctionName"]) === name);
      for (const action of byLambda) {
        const allowed = rights.filter((right) => right.action === action).map(({ resource }) => resource);
        expect(allowed.toSorted(), `${name}: ${action}`).toEqual(
          read.map(({ properties }) => properties["EventSourceArn"]).toSorted(),
        );
      }
    }
  });
});
