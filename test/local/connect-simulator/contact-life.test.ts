import {
  GetContactAttributesCommand,
  StopContactCommand,
  UpdateContactAttributesCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { defaultInstanceId } from "../../../local/connect-simulator/defaults.ts";
import { aCentre, type Centre, minutes } from "./support.ts";

const InstanceId = defaultInstanceId;

const stop = ({ client }: Centre, ContactId: string) =>
  client.send(new StopContactCommand({ InstanceId, ContactId }));

const update = ({ client }: Centre, InitialContactId: string, Attributes: Record<string, string>) =>
  client.send(new UpdateContactAttributesCommand({ InstanceId, InitialContactId, Attributes }));

async function attributesOf({ client }: Centre, InitialContactId: string) {
  const reply = await client.send(new GetContactAttributesCommand({ InstanceId, InitialContactId }));
  return reply.Attributes;
}

describe("StopContact", () => {
  it("cancels a call that rings", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({
      TrafficType: "CAMPAIGN",
      AnswerMachineDetectionConfig: { EnableAnswerMachineDetection: true },
    });

    await stop(centre, contactId);
    await centre.advance(minutes(5));

    expect(centre.eventTypes(contactId)).toEqual(["INITIATED", "DISCONNECTED", "COMPLETED"]);
    const contact = await centre.describe(contactId);
    expect(contact.DisconnectReason).toBe("TELECOM_ORIGINATOR_CANCEL");
    expect(contact.AnsweringMachineDetectionStatus).toBeUndefined();
    expect(centre.records).toHaveLength(1);
  });

  it("ends a call that was answered, and the agent's work after it follows", async () => {
    const centre = await aCentre({
      durations: { ring: [2, 2], flow: [2, 2], accept: [2, 2], talk: [60, 60] },
    });
    const contactId = await centre.call();
    await centre.advance(10);
    expect(centre.simulator.contacts()[0]?.state).toBe("CONNECTED_TO_AGENT");

    await stop(centre, contactId);

    expect(centre.simulator.contacts()[0]).toMatchObject({
      state: "DISCONNECTED",
      disconnectReason: "OTHER",
    });
    await centre.advance(minutes(1));
    expect(centre.simulator.contacts()[0]?.state).toBe("COMPLETED");
    expect((await centre.describe(contactId)).AgentInfo?.AfterContactWorkDuration).toBeGreaterThan(0);
  });

  it("finds neither a contact that ended nor one that never was", async () => {
    const centre = await aCentre();
    const ended = await centre.call({ DestinationPhoneNumber: "+12065550150" });
    await centre.advance(minutes(1));

    for (const contactId of [ended, "never"]) {
      await expect(stop(centre, contactId)).rejects.toMatchObject({
        name: "ContactNotFoundException",
        $metadata: { httpStatusCode: 410 },
      });
    }
  });

  it("takes a disconnect reason from nobody", async () => {
    const centre = await aCentre();
    const ContactId = await centre.call();
    const command = new StopContactCommand({ InstanceId, ContactId, DisconnectReason: { Code: "X" } });
    await expect(centre.client.send(command)).rejects.toMatchObject({ name: "InvalidRequestException" });
  });
});

describe("UpdateContactAttributes", () => {
  it("creates and overwrites the named keys, keeps the others, and says so in an event without values", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({ Attributes: { kept: "1", changed: "1" } });

    await update(centre, contactId, { changed: "2", added: "2" });

    expect(await attributesOf(centre, contactId)).toEqual({ kept: "1", changed: "2", added: "2" });
    expect(centre.events.at(-1)?.detail).toMatchObject({
      eventType: "CONTACT_DATA_UPDATED",
      updatedProperties: ["UserDefinedAttributes"],
    });
    expect(JSON.stringify(centre.events)).not.toContain("changed");
  });

  it("sends the record of a finished contact again, with the new values and a later update time", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({ DestinationPhoneNumber: "+12065550150", Attributes: { a: "1" } });
    await centre.advance(minutes(5));

    await update(centre, contactId, { a: "2" });
    await centre.advance(minutes(5));

    expect(centre.records.map(({ Attributes }) => Attributes)).toEqual([{ a: "1" }, { a: "2" }]);
    const [first, second] = centre.records.map(({ LastUpdateTimestamp }) => LastUpdateTimestamp);
    expect(Date.parse(second ?? "")).toBeGreaterThan(Date.parse(first ?? ""));
    expect(centre.eventTypes(contactId)).not.toContain("CONTACT_DATA_UPDATED");
  });

  it("counts the bytes after merging, and changes nothing when there are too many", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({ Attributes: { a: "x".repeat(20_000) } });

    await expect(update(centre, contactId, { b: "x".repeat(12_767) })).rejects.toMatchObject({
      name: "InvalidRequestException",
    });
    expect(Object.keys((await attributesOf(centre, contactId)) ?? {})).toEqual(["a"]);
    await update(centre, contactId, { b: "x".repeat(12_766) });
    await update(centre, contactId, { a: "", c: "x".repeat(19_999) });
  });

  it("knows nothing of an unknown contact", async () => {
    const centre = await aCentre();
    const lookups = [
      update(centre, "never", { a: "1" }),
      attributesOf(centre, "never"),
      centre.describe("never"),
    ];
    for (const lookup of await Promise.allSettled(lookups)) {
      expect(lookup).toMatchObject({ status: "rejected", reason: { name: "ResourceNotFoundException" } });
    }
  });
});

describe("a related contact", () => {
  it("lends its attributes once, and is named in the events", async () => {
    const centre = await aCentre();
    const first = await centre.call({ Attributes: { a: "1", b: "1" } });
    const second = await centre.call({ RelatedContactId: first, Attributes: { b: "2" } });

    await update(centre, first, { a: "later" });

    expect(await attributesOf(centre, second)).toEqual({ a: "1", b: "2" });
    expect(centre.events.find(({ detail }) => detail.contactId === second)?.detail.relatedContactId).toBe(
      first,
    );
  });
});

describe("what is sent about a contact", () => {
  it("is EventBridge's envelope, with times in order and nothing personal in it", async () => {
    const startAt = new Date("2026-11-23T10:00:00.412Z");
    const centre = await aCentre({ startAt, durations: { ring: [5, 5] } });
    const contactId = await centre.call({
      ClientToken: "token-1",
      Name: "name-1",
      Attributes: { a: "value-1" },
    });
    await centre.advance(minutes(5));

    const { simulator, events } = centre;
    const contactArn = `${simulator.instanceArn}/contact/${contactId}`;
    expect(events[1]).toMatchObject({
      version: "0",
      "detail-type": "Amazon Connect Contact Event",
      source: "aws.connect",
      account: "111122223333",
      region: "us-east-1",
      time: "2026-11-23T10:00:06Z",
      resources: [contactArn, simulator.instanceArn],
      detail: {
        contactId,
        channel: "VOICE",
        initiationMethod: "API",
        initiationTimestamp: "2026-11-23T10:00:00.412Z",
        connectedToSystemTimestamp: "2026-11-23T10:00:05.412Z",
        tags: {
          "aws:connect:instanceId": simulator.instanceId,
          "aws:connect:systemEndpoint": "+12065550199",
        },
      },
    });
    expect(events.at(-1)?.detail).toMatchObject({
      queueInfo: { queueType: "STANDARD" },
      agentInfo: { afterContactWorkDuration: expect.any(Number) },
    });
    const times = events.map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    for (const secret of ["token-1", "name-1", "value-1", "+12065550100"]) {
      expect(JSON.stringify(events)).not.toContain(secret);
    }
  });

  it("is a contact record with attributes and both numbers, but no token", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({ ClientToken: "token-1", Attributes: { a: "1" } });
    await centre.advance(minutes(5));

    expect(centre.records).toEqual([
      expect.objectContaining({
        ContactId: contactId,
        Attributes: { a: "1" },
        CustomerEndpoint: { Type: "TELEPHONE_NUMBER", Address: "+12065550100" },
        SystemEndpoint: { Type: "TELEPHONE_NUMBER", Address: "+12065550199" },
        InitiationMethod: "API",
        LastUpdateTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        Queue: expect.objectContaining({ Duration: expect.any(Number) }),
      }),
    ]);
    expect(JSON.stringify(centre.records)).not.toContain("token-1");
  });
});
