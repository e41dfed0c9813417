import type { Connect } from "@aws-sdk/client-connect";
import * as sdk from "@aws-sdk/client-connect";
import type { ConnectSimulatorOptions } from "../../../../local/connect-simulator/simulator.ts";
import {
  type OperationName,
  operationNames,
} from "../../../../local/connect-simulator/wire/operation-names.ts";
import { InstanceId, instanceArn } from "../operations/support.ts";
import type { Centre } from "../support.ts";
import { inputMembers, operationOf, shapeOf } from "./model.ts";
import type { Input } from "./sample.ts";

/** The operations that the model has pages for. */
export const pagedOperations: readonly OperationName[] = operationNames.filter((name) => {
  const members = inputMembers(name).map((member) => member.name);
  return members.includes("NextToken") && members.includes("MaxResults");
});

export function largestPageOf(operation: OperationName): number {
  const member = inputMembers(operation).find(({ name }) => name === "MaxResults");
  const shape = member === undefined ? undefined : shapeOf(member.shapeName);
  const max = shape !== undefined && "max" in shape ? shape.max : undefined;
  if (max === undefined) throw new Error(`the model has no largest page for ${operation}`);
  return max;
}

/** What a reply lists: the one list in it. */
export function rowsOf(operation: OperationName, page: Input): unknown[] {
  const { output = "" } = operationOf(operation);
  const shape = shapeOf(output);
  if (shape.type !== "structure") throw new Error(`${operation} lists nothing`);
  const [list, ...others] = Object.entries(shape.members).filter(
    ([, member]) => shapeOf(member.shape).type === "list",
  );
  if (list === undefined || others.length > 0) throw new Error(`${operation} does not list one thing`);
  return page[list[0]] as unknown[];
}

type Paginate = (config: { client: Connect; pageSize: number }, input: Input) => AsyncIterable<Input>;

export function paginatorOf(operation: OperationName): Paginate {
  const found: unknown = Reflect.get(sdk, `paginate${operation}`);
  if (typeof found !== "function") throw new Error(`the SDK has no paginator for ${operation}`);
  return found as Paginate;
}

/** More than the largest page of every list. */
const many = 1_050;
const instances = 12;
/** Filters may name 100. */
const busyQueues = 60;
const channels = ["VOICE", "CHAT"] as const;
const begin = new Date("2026-03-02T09:00:00Z");

const numbered = <Row>(row: (index: number) => Row): Row[] =>
  Array.from({ length: many }, (_, index) => row(index));
const queueId = (index: number): string => `queue-${index}`;
const allBusy = Array.from({ length: busyQueues }, (_, index) => index);

/** An instance with a great many of everything, among others that have next to nothing. */
export const crowded: ConnectSimulatorOptions = {
  startAt: begin,
  centre: {
    instances: [
      {
        queues: numbered((index) => ({ name: `Queue ${index}`, id: queueId(index) })),
        contactFlows: numbered((index) => `Flow ${index}`),
        phoneNumbers: numbered((index) => `+120655${10_000 + index}`),
        securityProfiles: numbered((index) => `Security ${index}`),
        routingProfiles: numbered((index) => ({
          name: `Profile ${index}`,
          channels: [...channels],
          queues: index === 0 ? allBusy.map((at) => `Queue ${at}`) : [],
        })),
        hierarchy: { levels: ["Site"], groups: numbered((index) => ({ name: `Group ${index}` })) },
        users: [{ username: "agent", count: many, status: "Offline" }],
      },
      ...Array.from({ length: instances - 1 }, (_, index) => ({ alias: `small-${index}`, users: [] })),
    ],
  },
};

/** Contacts in every busy queue, of every channel; five minutes later their books are closed. */
export async function makeBusy({ simulator, advance }: Centre): Promise<void> {
  for (const index of allBusy) {
    for (const channel of channels) simulator.arrive({ queue: queueId(index), channel });
  }
  await advance(300);
}

const ofQueues = { InstanceId, Filters: { Queues: allBusy.map(queueId) }, Groupings: ["QUEUE", "CHANNEL"] };

/** What to ask the crowded instance for, and how many rows there are. */
export function listingOf(operation: OperationName): { input: Input; total: number } {
  switch (operation) {
    case "ListInstances":
      return { input: {}, total: instances };
    case "ListPhoneNumbersV2":
      return { input: {}, total: many + instances - 1 };
    case "ListQueues":
      // Every user has one too.
      return { input: { InstanceId }, total: 2 * many };
    case "GetCurrentMetricData":
      return {
        input: { ...ofQueues, CurrentMetrics: [{ Name: "CONTACTS_IN_QUEUE", Unit: "COUNT" }] },
        total: busyQueues * channels.length,
      };
    case "GetMetricData":
      return {
        input: {
          ...ofQueues,
          StartTime: begin,
          EndTime: new Date(begin.getTime() + 300_000),
          HistoricalMetrics: [{ Name: "CONTACTS_QUEUED", Unit: "COUNT", Statistic: "SUM" }],
        },
        total: busyQueues * channels.length,
      };
    case "GetMetricDataV2":
      return {
        input: {
          ResourceArn: instanceArn,
          StartTime: begin,
          EndTime: new Date(begin.getTime() + 300_000),
          Filters: [{ FilterKey: "QUEUE", FilterValues: allBusy.map(queueId) }],
          Groupings: ["QUEUE", "CHANNEL"],
          Metrics: [{ Name: "CONTACTS_QUEUED" }],
        },
        total: busyQueues * channels.length,
      };
    default:
      return { input: { InstanceId }, total: many };
  }
}
