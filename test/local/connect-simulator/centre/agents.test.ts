import {
  CreateUserCommand,
  DeleteUserCommand,
  UpdateUserRoutingProfileCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { aCentre, type Centre, minutes } from "../support.ts";
import { midnight } from "./any-day.ts";
import { currentFigures } from "./figures.ts";

type InstanceInput = NonNullable<NonNullable<Parameters<typeof aCentre>[0]>["centre"]>["instances"];

const always = (seconds: number): [number, number] => [seconds, seconds];

const durations = {
  flow: always(1),
  accept: always(2),
  talk: always(60),
  afterContactWork: always(10),
  error: always(30),
  ring: always(1),
};

const aCentreWith = (instance: NonNullable<InstanceInput>[number] = {}, activeCalls = 100): Promise<Centre> =>
  aCentre({
    startAt: midnight,
    activeCalls,
    centre: {
      instances: [
        {
          users: [{ username: "ana" }],
          queues: ["Sales", "Support"],
          routingProfiles: [
            { name: "Both", queues: [{ queue: "Sales", priority: 2 }, "Support"] },
            { name: "Sales", queues: ["Sales"] },
          ],
          ...instance,
          behaviour: { durations, ...instance.behaviour },
        },
      ],
    },
  });

const stateOf = ({ simulator }: Centre, contactId: string | null) =>
  simulator.contacts().find((contact) => contact.contactId === contactId)?.state;
const agentNamed = ({ simulator }: Centre, wanted: string) =>
  simulator.agents().find(({ username }) => username === wanted);

describe("an agent", () => {
  it("takes a contact, works after it, and is free again", async () => {
    const centre = await aCentreWith();
    const first = centre.simulator.arrive({ queue: "Sales" });
    const activities: unknown[] = [];
    for (const seconds of [1, 2, 60, 10]) {
      await centre.advance(seconds);
      activities.push([stateOf(centre, first), agentNamed(centre, "ana")?.activity]);
    }
    expect(activities).toEqual([
      ["QUEUED", "offered"],
      ["CONNECTED_TO_AGENT", "on-contact"],
      ["DISCONNECTED", "after-contact-work"],
      ["COMPLETED", "idle"],
    ]);
  });

  it("takes the queue of the higher priority first, and in it the one who has waited the longest", async () => {
    const centre = await aCentreWith();
    centre.simulator.agent({ username: "ana", status: "Offline" });
    const sales = centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(5);
    const support = [centre.simulator.arrive({ queue: "Support" })];
    await centre.advance(5);
    support.push(centre.simulator.arrive({ queue: "Support" }));
    await centre.advance(5);

    centre.simulator.agent({ username: "ana", status: "Available" });
    await centre.advance(minutes(5));

    const order = centre.simulator
      .contacts()
      .toSorted((a, b) => Date.parse(a.agentConnectedAt ?? "") - Date.parse(b.agentConnectedAt ?? ""));
    expect(order.map(({ contactId }) => contactId)).toEqual([...support, sales]);
  });

  it("who misses a contact is in error for a while, and the contact goes to another first", async () => {
    const centre = await aCentreWith({
      users: [{ username: "ana" }, { username: "bo", status: "Offline" }],
      behaviour: { durations, missedOffers: 1 },
    });
    const contact = centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(3);
    expect(agentNamed(centre, "ana")?.activity).toBe("error");
    expect(await currentFigures(centre)).toMatchObject(
      new Map([
        ["all", expect.objectContaining({ AGENTS_ERROR: 1, AGENTS_AVAILABLE: 0, CONTACTS_IN_QUEUE: 1 })],
      ]),
    );
    await centre.advance(30);
    expect([agentNamed(centre, "ana")?.activity, stateOf(centre, contact)]).toEqual(["offered", "QUEUED"]);
  });

  it("takes a chosen status when the contact is done", async () => {
    const centre = await aCentreWith();
    centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(10);

    expect(centre.simulator.agent({ username: "ana", status: "Break" })).toMatchObject({
      status: "Available",
      nextStatus: "Break",
    });
    await centre.advance(minutes(2));
    expect(agentNamed(centre, "ana")).toMatchObject({ status: "Break", nextStatus: null, activity: "idle" });
  });

  it("works the shift of the configuration, and goes on breaks", async () => {
    const centre = await aCentreWith({
      users: [{ username: "ana", shift: { from: "08:00", to: "16:30" } }],
      behaviour: { durations, breaks: { every: always(3600), last: always(600), status: "Lunch" } },
    });
    const statuses: unknown[] = [];
    for (const hour of [7.9, 8.1, 9.1, 9.3, 16.4, 16.6, 32.1]) {
      const now = Date.parse(centre.simulator.clockReading().now);
      await centre.advance((midnight.getTime() - now) / 1000 + hour * 3600);
      statuses.push(agentNamed(centre, "ana")?.status);
    }
    expect(statuses).toEqual([
      "Offline",
      "Available",
      "Lunch",
      "Available",
      "Available",
      "Offline",
      "Available",
    ]);
  });

  it("who is created by the API takes contacts once signed in, and follows a new routing profile", async () => {
    const centre = await aCentreWith({ users: [] });
    const [instance] = centre.simulator.instances();
    const InstanceId = instance?.id;
    const profile = (name: string) => instance?.routingProfiles.find((one) => one.name === name)?.id;
    const { UserId } = await centre.client.send(
      new CreateUserCommand({
        InstanceId,
        Username: "eva",
        Password: "Passw0rd-",
        IdentityInfo: { FirstName: "Eva", LastName: "Gil" },
        SecurityProfileIds: [instance?.securityProfiles[0]?.id ?? ""],
        RoutingProfileId: profile("Sales"),
      }),
    );
    const contact = centre.simulator.arrive({ queue: "Support" });
    centre.simulator.agent({ username: "eva", status: "Available" });
    await centre.advance(10);
    expect(stateOf(centre, contact)).toBe("QUEUED");

    await centre.client.send(
      new UpdateUserRoutingProfileCommand({ InstanceId, UserId, RoutingProfileId: profile("Both") }),
    );
    await centre.advance(10);
    expect(stateOf(centre, contact)).toBe("CONNECTED_TO_AGENT");

    await centre.client.send(new DeleteUserCommand({ InstanceId, UserId }));
    await centre.advance(minutes(2));
    expect(stateOf(centre, contact)).toBe("COMPLETED");
    expect(centre.simulator.agents()).toEqual([]);
  });

  it("calls out by hand, which is handled but was never queued", async () => {
    const centre = await aCentreWith();
    const contact = centre.simulator.arrive({ queue: "Sales", direction: "outbound" });
    await centre.advance(minutes(3));
    expect(centre.eventTypes(contact ?? "")).toEqual([
      "INITIATED",
      "CONNECTED_TO_SYSTEM",
      "CONNECTED_TO_AGENT",
      "DISCONNECTED",
      "COMPLETED",
    ]);
    expect(centre.simulator.books()).toMatchObject([{ handledOutbound: 1, handled: 1, queued: 0 }]);
    expect(centre.events.every(({ detail }) => detail.queueInfo === undefined)).toBe(true);
  });

  it("calls out only where that is enabled, and to nobody whom the API refuses", async () => {
    const only = await aCentreWith({ inboundCallsEnabled: false });
    expect(only.simulator.arrive({ direction: "inbound" })).toBeNull();
    expect(only.simulator.arrive({ direction: "outbound", customer: "+12065550160" })).toBeNull();
    expect(agentNamed(only, "ana")?.activity).toBe("idle");
    expect(only.simulator.arrive({ direction: "outbound" })).not.toBeNull();
    const none = await aCentreWith({ outboundCallsEnabled: false });
    expect(none.simulator.arrive({ direction: "outbound" })).toBeNull();
  });

  it("keeps the place in the line when the status that is set is the present one", async () => {
    const centre = await aCentreWith({ users: [{ username: "ana" }, { username: "bo" }] });
    await centre.advance(60);
    centre.simulator.agent({ username: "ana", status: "Available" });
    centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(2);
    expect(agentNamed(centre, "ana")?.activity).toBe("offered");
  });

  it("who is deleted while the telephone rings has left once the missed contact is over", async () => {
    const centre = await aCentreWith({ behaviour: { durations, missedOffers: 1 } });
    centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(2);
    const { client, simulator } = centre;
    const UserId = agentNamed(centre, "ana")?.userId;
    await client.send(new DeleteUserCommand({ InstanceId: simulator.instanceId, UserId }));
    await centre.advance(minutes(2));
    expect(simulator.agents()).toEqual([]);
  });

  it.each([
    [{ username: "nobody", status: "Available" }, "there is no user nobody"],
    [{ username: "ana", status: "Asleep" }, "there is no status Asleep; there are Offline, Available, Break"],
    [{ username: "ana", status: "Break", instanceId: "other" }, "there is no instance other"],
  ])("cannot be %j", async (change, message) => {
    const centre = await aCentreWith();
    expect(await centre.raw("POST", "/_sim/agents", change)).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining(message) },
    });
  });
});

describe("a customer in a queue", () => {
  const nobody = { users: [] };

  it("who loses patience has abandoned", async () => {
    const centre = await aCentreWith({
      ...nobody,
      behaviour: { durations: { ...durations, patience: always(90) } },
    });
    const contact = centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(minutes(2));
    expect(centre.simulator.contacts()).toMatchObject([
      { contactId: contact, disconnectReason: "CUSTOMER_DISCONNECT", agentConnectedAt: null },
    ]);
    expect(centre.simulator.books()[0]).toMatchObject({ queued: 1, abandoned: 1, abandonMs: 90_000 });
  });

  it("whom we called waits as long as it takes, but +12065550157 does not", async () => {
    const centre = await aCentreWith({ ...nobody, contactFlows: undefined });
    const flow = centre.simulator.instances()[0]?.contactFlows[0]?.id;
    const QueueId = centre.simulator.instances()[0]?.queues[0]?.id;
    const patient = await centre.call({ ContactFlowId: flow, QueueId });
    const impatient = await centre.call({
      ContactFlowId: flow,
      QueueId,
      DestinationPhoneNumber: "+12065550157",
    });
    await centre.advance(minutes(60));
    expect([stateOf(centre, patient), stateOf(centre, impatient)]).toEqual(["QUEUED", "COMPLETED"]);
  });

  it("who wants to be called back is scheduled, then queued again, and is no abandonment", async () => {
    const centre = await aCentreWith({
      ...nobody,
      behaviour: {
        durations: { ...durations, patience: always(60), callbackDelay: always(300) },
        callbacks: 1,
      },
    });
    centre.simulator.arrive({ queue: "Sales", attributes: { reason: "billing" } });
    await centre.advance(70);
    expect(await currentFigures(centre)).toMatchObject(
      new Map([["all", expect.objectContaining({ CONTACTS_SCHEDULED: 1, CONTACTS_IN_QUEUE: 0 })]]),
    );
    await centre.advance(300);
    const [first, callback] = centre.simulator.contacts();
    expect(callback).toMatchObject({ initiationMethod: "CALLBACK", state: "QUEUED" });
    expect(
      centre.events.find(({ detail }) => detail.contactId === callback?.contactId)?.detail,
    ).toMatchObject({
      previousContactId: first?.contactId,
      initialContactId: first?.contactId,
    });
    expect(
      centre.simulator.books().map(({ abandoned, leftForCallback }) => [abandoned, leftForCallback]),
    ).toContainEqual([0, 1]);
  });

  it("is moved to another queue by the flow, with the attributes of the first contact", async () => {
    const centre = await aCentreWith({
      ...nobody,
      behaviour: { durations: { ...durations, patience: always(60) }, queueTransfers: 1 },
    });
    centre.simulator.arrive({ queue: "Sales", attributes: { reason: "billing" } });
    await centre.advance(70);
    const [first, moved] = centre.simulator.contacts();
    expect(moved).toMatchObject({ initiationMethod: "QUEUE_TRANSFER", state: "QUEUED" });
    expect(moved?.queueId).not.toBe(first?.queueId);
    const described = await centre.raw("GET", `/contacts/${centre.simulator.instanceId}/${moved?.contactId}`);
    expect(described.body["Contact"]).toMatchObject({ Attributes: { reason: "billing" } });
  });

  it("who is called back waits for as long as it takes, and is called back once", async () => {
    const patience = { durations: { ...durations, patience: always(60), callbackDelay: always(60) } };
    const centre = await aCentreWith({ ...nobody, behaviour: { ...patience, callbacks: 1 } });
    centre.simulator.arrive({ queue: "Sales" });
    await centre.advance(minutes(60));
    expect(centre.simulator.contacts()).toHaveLength(2);
  });

  it("beyond the ceiling of active calls is turned away", async () => {
    const centre = await aCentreWith(nobody, 2);
    const arrivals = [1, 2, 3].map(() => centre.simulator.arrive({ queue: "Sales" }));
    expect(arrivals[2]).toBeNull();
    expect(centre.simulator.arrive({ queue: "Sales", channel: "TASK" })).not.toBeNull();
  });
});
