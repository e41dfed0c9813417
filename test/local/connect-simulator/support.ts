import {
  ConnectClient,
  type Contact,
  DescribeContactCommand,
  StartOutboundVoiceContactCommand,
  type StartOutboundVoiceContactCommandInput,
} from "@aws-sdk/client-connect";
import { onTestFinished } from "vitest";
import {
  defaultContactFlowId,
  defaultInstanceId,
  defaultPhoneNumber,
  defaultQueueId,
} from "../../../local/connect-simulator/defaults.ts";
import {
  type ConnectSimulator,
  type ConnectSimulatorOptions,
  type ContactEventEnvelope,
  type ContactRecord,
  startConnectSimulator,
} from "../../../local/connect-simulator/simulator.ts";
import { operationNames } from "../../../local/connect-simulator/wire/operation-names.ts";

type CallMembers = Partial<StartOutboundVoiceContactCommandInput>;

export type Centre = {
  simulator: ConnectSimulator;
  client: ConnectClient;
  events: ContactEventEnvelope[];
  records: ContactRecord[];
  warnings: string[];
  /** Places a call and answers its contact's id. */
  call(members?: CallMembers): Promise<string>;
  describe(contactId: string): Promise<Contact>;
  eventTypes(contactId: string): string[];
  advance(seconds: number): Promise<void>;
  /** A raw request, for what no SDK would send. */
  raw(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; type: string | null; body: Json }>;
};

type Json = Record<string, unknown>;
const manyRequests = { rate: 1_000, burst: 100_000 };

export const aCall = (members: CallMembers = {}): StartOutboundVoiceContactCommandInput => ({
  DestinationPhoneNumber: "+12065550100",
  ContactFlowId: defaultContactFlowId,
  InstanceId: defaultInstanceId,
  QueueId: defaultQueueId,
  SourcePhoneNumber: defaultPhoneNumber,
  ...members,
});

function clientOf(simulator: ConnectSimulator): ConnectClient {
  return new ConnectClient({
    endpoint: simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "x", secretAccessKey: "x" },
    maxAttempts: 1,
  });
}

type CentreOptions = ConnectSimulatorOptions & { usualQuotas?: boolean };

/** A simulator whose clock stands still, with quotas out of the way, ended with the test. */
export async function aCentre({ usualQuotas, ...options }: CentreOptions = {}): Promise<Centre> {
  const events: ContactEventEnvelope[] = [];
  const records: ContactRecord[] = [];
  const warnings: string[] = [];
  const simulator = await startConnectSimulator({
    speed: 0,
    activeCalls: 10_000,
    auth: false,
    ...(!usualQuotas && { quotas: Object.fromEntries(operationNames.map((name) => [name, manyRequests])) }),
    warn: (message) => warnings.push(message),
    deliverEvent: async (envelope) => {
      events.push(envelope);
    },
    deliverRecord: async (record) => {
      records.push(record);
    },
    ...options,
  });
  const client = clientOf(simulator);
  onTestFinished(async () => {
    client.destroy();
    await simulator.stop();
  });

  return {
    simulator,
    client,
    events,
    records,
    warnings,
    async call(members) {
      const { ContactId } = await client.send(new StartOutboundVoiceContactCommand(aCall(members)));
      if (ContactId === undefined) throw new Error("the reply has no ContactId");
      return ContactId;
    },
    async describe(contactId) {
      const { Contact } = await client.send(
        new DescribeContactCommand({ InstanceId: defaultInstanceId, ContactId: contactId }),
      );
      if (Contact === undefined) throw new Error("the reply has no Contact");
      return Contact;
    },
    eventTypes: (contactId) =>
      events.filter(({ detail }) => detail.contactId === contactId).map(({ detail }) => detail.eventType),
    async advance(seconds) {
      await simulator.clock({ advanceSeconds: seconds });
    },
    async raw(method, path, body) {
      const response = await fetch(`${simulator.url}${path}`, {
        method,
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      return {
        status: response.status,
        type: response.headers.get("x-amzn-errortype"),
        body: (await response.json()) as Json,
      };
    },
  };
}

export const minutes = (count: number): number => count * 60;
