import { StartOutboundVoiceContactCommand, StopContactCommand } from "@aws-sdk/client-connect";
import fc from "fast-check";
import { defaultContactFlowId } from "../../../../local/connect-simulator/defaults.ts";
import type { CentreConfigInput } from "../../../../local/connect-simulator/simulator.ts";
import type { Centre } from "../support.ts";

type InstanceInput = NonNullable<CentreConfigInput["instances"]>[number];

export const midnight = new Date("2026-11-23T00:00:00Z");
/** Contacts arrive in the first hours only, so that a day comes to its end. */
export const busyHours = 3;

const queueNames = ["Sales", "Support", "Billing"] as const;
const some = fc.constantFrom(0, 0, 0.05, 0.3);
const range = (most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }))
    .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

const perHour = fc
  .integer({ min: 0, max: 90 })
  .map((rate) => Array.from({ length: 24 }, (_, hour) => (hour < busyHours ? rate : 0)));

/** A small centre of any kind, in which every queue has somebody who serves it. */
export const anyInstance: fc.Arbitrary<InstanceInput> = fc
  .record({
    profiles: fc.array(fc.subarray([...queueNames], { minLength: 1 }), { maxLength: 2 }),
    agents: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 3, maxLength: 3 }),
    behaviour: fc.record({
      durations: fc.record({
        talk: range(400),
        afterContactWork: range(60),
        accept: range(20),
        patience: range(400),
        hold: range(60),
        error: range(60),
        callbackDelay: range(600),
      }),
      missedOffers: some,
      holds: some,
      holdAbandons: some,
      consults: some,
      agentTransfers: some,
      queueTransfers: some,
      callbacks: some,
      breaks: fc.option(fc.record({ every: fc.constant<[number, number]>([600, 2000]), last: range(600) })),
    }),
    rates: fc.array(perHour, { minLength: 3, maxLength: 3 }),
    outbound: perHour,
    shift: fc.boolean(),
  })
  .map(({ profiles, agents, behaviour, rates, outbound, shift }) => ({
    contactFlows: [{ name: "Outbound", id: defaultContactFlowId }],
    limits: { activeCalls: 60 },
    queues: [...queueNames],
    routingProfiles: [[...queueNames], ...profiles].map((queues, index) => ({
      name: `P${index}`,
      queues: queues.map((queue, at) => ({ queue, priority: 1 + (at % 2) })),
    })),
    users: [[...queueNames], ...profiles].map((_, index) => ({
      username: `p${index}`,
      count: agents[index] ?? 1,
      routingProfile: `P${index}`,
      ...(shift && index > 0 && { shift: { from: "00:40", to: "02:10" } }),
    })),
    behaviour,
    load: [
      ...queueNames.map((queue, index) => ({ queue, perHour: rates[index] ?? 0 })),
      { queue: "Sales", perHour: outbound, direction: "outbound" as const },
    ],
  }));

export type Step =
  | { kind: "advance"; seconds: number }
  | { kind: "call"; queue: number; to: string }
  | { kind: "stop"; which: number }
  | { kind: "status"; which: number; status: string };

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("advance"), seconds: fc.integer({ min: 1, max: 1800 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("call"),
      queue: fc.nat(2),
      to: fc.constantFrom("+12065550100", "+12065550150", "+12065550157"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("stop"), which: fc.nat(1000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("status"),
      which: fc.nat(1000),
      status: fc.constantFrom("Available", "Offline", "Break", "Training"),
    }),
  },
) as fc.Arbitrary<Step>;

/** Does one thing. What is refused, such as a call beyond the ceiling, is part of any day. */
export async function take(centre: Centre, step: Step): Promise<void> {
  const { simulator, client } = centre;
  const InstanceId = simulator.instanceId;
  const [instance] = simulator.instances();
  switch (step.kind) {
    case "advance":
      return centre.advance(step.seconds);
    case "call":
      await client
        .send(
          new StartOutboundVoiceContactCommand({
            InstanceId,
            ContactFlowId: defaultContactFlowId,
            QueueId: instance?.queues[step.queue]?.id,
            DestinationPhoneNumber: step.to,
          }),
        )
        .catch(expected("LimitExceededException"));
      return;
    case "stop": {
      const contacts = simulator.contacts().filter(({ initiationMethod }) => initiationMethod === "API");
      const contact = contacts[step.which % Math.max(contacts.length, 1)];
      if (contact === undefined) return;
      await client
        .send(new StopContactCommand({ InstanceId, ContactId: contact.contactId }))
        .catch(expected("ContactNotFoundException"));
      return;
    }
    case "status": {
      const agents = simulator.agents();
      const agent = agents[step.which % agents.length];
      if (agent !== undefined) simulator.agent({ username: agent.username, status: step.status });
    }
  }
}

const expected = (name: string) => (error: Error) => {
  if (error.name !== name) throw error;
};
