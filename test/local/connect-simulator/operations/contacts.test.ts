import {
  DescribeContactCommand,
  GetContactAttributesCommand,
  StopContactCommand,
  TagContactCommand,
  UpdateContactAttributesCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import type { Centre } from "../support.ts";
import { aCall, aCentre } from "../support.ts";
import {
  aCentreOf,
  InstanceId,
  type InstanceInput,
  invalidParameter,
  invalidRequest,
  notFound,
  refusalOf,
} from "./support.ts";

const gone = { name: "ContactNotFoundException", status: 410 };
const passive = { name: "InvalidActiveRegionException", status: 400 };

const commands = (ContactId: string, instance = InstanceId) => ({
  stop: new StopContactCommand({ InstanceId: instance, ContactId }),
  describe: new DescribeContactCommand({ InstanceId: instance, ContactId }),
  attributes: new GetContactAttributesCommand({ InstanceId: instance, InitialContactId: ContactId }),
  update: new UpdateContactAttributesCommand({
    InstanceId: instance,
    InitialContactId: ContactId,
    Attributes: { a: "1" },
  }),
  tag: new TagContactCommand({ InstanceId: instance, ContactId, Tags: { team: "red" } }),
});

const tag = ({ client }: Centre, ContactId: string, Tags: Record<string, string>) =>
  client.send(new TagContactCommand({ InstanceId, ContactId, Tags }));

describe("TagContact", () => {
  it("adds tags, which events and DescribeContact show", async () => {
    const centre = await aCentre();
    const id = await centre.call();
    await tag(centre, id, { team: "red", "a/b:c.d_e=f": "" });
    await tag(centre, id, { team: "blue" });
    const { Tags } = await centre.describe(id);
    expect(Tags).toEqual({
      team: "blue",
      "a/b:c.d_e=f": "",
      "aws:connect:instanceId": InstanceId,
      "aws:connect:systemEndpoint": "+12065550199",
    });
    await centre.advance(1);
    const updates = centre.events.filter(({ detail }) => detail.eventType === "CONTACT_DATA_UPDATED");
    expect(updates.map(({ detail }) => detail.tags["team"])).toEqual(["red", "blue"]);
    expect(updates[0]?.detail.updatedProperties).toEqual(["Tags"]);
  });

  const six = Object.fromEntries([1, 2, 3, 4, 5, 6].map((at) => [`k${at}`, "v"]));

  it("takes six tags in all", async () => {
    const centre = await aCentre();
    const id = await centre.call();
    await tag(centre, id, six);
    await tag(centre, id, { k1: "w" });
    expect(await refusalOf(tag(centre, id, { k7: "v" }))).toMatchObject(invalidRequest);
    expect((await centre.describe(id)).Tags).toMatchObject({ ...six, k1: "w" });
  });

  it.each([
    ["seven tags", { ...six, k7: "v" }],
    ["no tags", {}],
    ["a tag of AWS's own", { "aws:x": "v" }],
    ["a key with a space", { "a b": "v" }],
    ["a key of 129 characters", { ["k".repeat(129)]: "v" }],
    ["a value of 257 characters", { k: "v".repeat(257) }],
  ])("refuses %s", async (_, tags) => {
    const centre = await aCentre();
    expect(await refusalOf(tag(centre, await centre.call(), tags))).toMatchObject(invalidParameter);
  });
});

describe("every operation on a contact", () => {
  it("refuses what is not there, and what is another instance's", async () => {
    const other = "5ca1ab1e-0000-4000-8000-000000000009";
    const centre = await aCentre({ centre: { instances: [{}, { id: other }] } });
    const id = await centre.call();
    for (const [contactId, instance] of [
      ["unknown", InstanceId],
      [id, other],
    ] as const) {
      const { stop, describe, attributes, update, tag } = commands(contactId, instance);
      expect(await refusalOf(centre.client.send(stop))).toMatchObject(gone);
      expect(await refusalOf(centre.client.send(describe))).toMatchObject(notFound);
      expect(await refusalOf(centre.client.send(attributes))).toMatchObject(notFound);
      expect(await refusalOf(centre.client.send(update))).toMatchObject(notFound);
      expect(await refusalOf(centre.client.send(tag))).toMatchObject(notFound);
    }
  });

  it("refuses to change anything in the passive Region", async () => {
    const { client } = await aCentreOf({ passive: true });
    const { stop, update, tag } = commands("any");
    expect(await refusalOf(client.send(stop))).toMatchObject(passive);
    expect(await refusalOf(client.send(update))).toMatchObject(passive);
    expect(await refusalOf(client.send(tag))).toMatchObject(passive);
  });

  it("forgets contacts after 24 months", async () => {
    const centre = await aCentre({ startAt: new Date("2024-02-29T12:00:00Z") });
    const id = await centre.call();
    const { describe, attributes, update, tag } = commands(id);
    await centre.advance((Date.parse("2026-02-28T12:00:00Z") - Date.parse("2024-02-29T12:00:00Z")) / 1000);
    await centre.client.send(update);
    await centre.client.send(describe);
    await centre.advance(2 * 86_400);
    expect(await refusalOf(centre.client.send(describe))).toMatchObject(notFound);
    expect(await refusalOf(centre.client.send(attributes))).toMatchObject(notFound);
    expect(await refusalOf(centre.client.send(update))).toMatchObject(notFound);
    expect(await refusalOf(centre.client.send(tag))).toMatchObject(notFound);
  });
});

describe("DescribeContact", () => {
  it("may not know of a call that rings", async () => {
    const centre = await aCentre({ deviations: { describeContactWhileRinging: "not-found" } });
    const id = await centre.call();
    expect(await refusalOf(centre.describe(id))).toMatchObject(notFound);
    await centre.advance(10);
    expect((await centre.describe(id)).ConnectedToSystemTimestamp).toBeDefined();
  });

  it("shows the agent's groups and work", async () => {
    const centre = await aCentreOf({
      users: [{ username: "ana", id: "ana", hierarchy: ["EMEA", "Madrid"] }],
    });
    const id = await centre.call();
    await centre.advance(300);
    const { AgentInfo, QueueInfo, InitiationMethod, Channel } = await centre.describe(id);
    expect({ InitiationMethod, Channel }).toEqual({ InitiationMethod: "API", Channel: "VOICE" });
    expect(QueueInfo?.Id).toBe(aCall().QueueId);
    expect(AgentInfo).toMatchObject({ Id: "ana", AgentInitiatedHoldDuration: 0 });
    expect(AgentInfo?.HierarchyGroups?.Level2?.Arn).toMatch(/agent-group\/.*c2$/);
    expect(AgentInfo?.HierarchyGroups?.Level3).toBeUndefined();
    expect(AgentInfo?.AfterContactWorkDuration).toBeGreaterThan(0);
  });
});

/** The second contact of a chain, and the first. */
async function aTransfer(
  instance: InstanceInput,
): Promise<{ centre: Centre; first: string; second: string }> {
  const centre = await aCentreOf({ users: [{ username: "agent", count: 2 }], ...instance });
  const first = await centre.call({ Attributes: { order: "7" } });
  for (let tries = 0; tries < 60; tries += 1) {
    await centre.advance(5);
    const next = centre.simulator.contacts().find(({ contactId }) => contactId !== first);
    if (next !== undefined) return { centre, first, second: next.contactId };
  }
  throw new Error("nothing was transferred");
}

describe("a chain of contacts", () => {
  it("shares its attributes, and shows its members", async () => {
    const { centre, first, second } = await aTransfer({ behaviour: { agentTransfers: 1 } });
    expect(await centre.describe(second)).toMatchObject({
      InitiationMethod: "TRANSFER",
      InitialContactId: first,
      PreviousContactId: first,
      Attributes: { order: "7" },
    });
    await centre.client.send(commands(first).update);
    const { Attributes } = await centre.client.send(commands(second).attributes);
    expect(Attributes).toEqual({ order: "7", a: "1" });
    await centre.client.send(
      new UpdateContactAttributesCommand({ InstanceId, InitialContactId: second, Attributes: { b: "2" } }),
    );
    expect((await centre.describe(first)).Attributes).toEqual({ order: "7", a: "1", b: "2" });
  });

  it("has no voice contacts that a transfer began and StopContact ends", async () => {
    const { centre, second } = await aTransfer({ behaviour: { agentTransfers: 1 } });
    expect(await refusalOf(centre.client.send(commands(second).stop))).toMatchObject({
      ...invalidRequest,
      message: expect.stringContaining("TRANSFER"),
    });
  });
});

describe("StopContact", () => {
  it("answers 410 for a voice contact that has ended", async () => {
    const centre = await aCentre();
    const id = await centre.call();
    await centre.client.send(commands(id).stop);
    expect(await refusalOf(centre.client.send(commands(id).stop))).toMatchObject(gone);
  });

  it("refuses a reason, which is for campaigns", async () => {
    const centre = await aCentre();
    const ContactId = await centre.call();
    const command = new StopContactCommand({
      InstanceId,
      ContactId,
      DisconnectReason: { Code: "DISCARDED" },
    });
    expect(await refusalOf(centre.client.send(command))).toMatchObject(invalidRequest);
  });

  it("takes a chat again and again", async () => {
    const centre = await aCentre();
    const contactId = centre.simulator.arrive({ queue: "BasicQueue", channel: "CHAT" }) ?? "";
    await centre.client.send(commands(contactId).stop);
    await centre.client.send(commands(contactId).stop);
    const { Channel, CustomerEndpoint } = await centre.describe(contactId);
    expect(Channel).toBe("CHAT");
    expect(CustomerEndpoint).toBeUndefined();
  });
});
