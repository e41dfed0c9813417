import { describe, expect, it } from "vitest";
import { aCentre, minutes } from "./support.ts";

const unanswered = ["INITIATED", "DISCONNECTED", "COMPLETED"];
const withAgent = [
  "INITIATED",
  "CONNECTED_TO_SYSTEM",
  "QUEUED",
  "CONNECTED_TO_AGENT",
  "DISCONNECTED",
  "COMPLETED",
];
const flowOnly = ["INITIATED", "CONNECTED_TO_SYSTEM", "DISCONNECTED", "COMPLETED"];

describe("what becomes of a call is chosen by its destination", () => {
  it.each([
    ["+12065550150", unanswered, "TELECOM_BUSY"],
    ["+12065550151", unanswered, "TELECOM_TIMEOUT"],
    ["+12065550152", unanswered, "TELECOM_NUMBER_INVALID"],
    ["+12065550153", unanswered, "TELECOM_POTENTIAL_BLOCKING"],
    ["+12065550154", unanswered, "TELECOM_PROBLEM"],
    ["+12065550155", flowOnly, "CUSTOMER_DISCONNECT"],
    ["+12065550156", flowOnly, "CONTACT_FLOW_DISCONNECT"],
  ])("%s: %j, %s", async (destination, course, reason) => {
    const centre = await aCentre();

    const contactId = await centre.call({ DestinationPhoneNumber: destination });
    await centre.advance(minutes(5));

    expect(centre.eventTypes(contactId)).toEqual(course);
    const contact = await centre.describe(contactId);
    expect(contact.DisconnectReason).toBe(reason);
    expect(contact.ConnectedToSystemTimestamp !== undefined).toBe(course === flowOnly);
    expect(contact.AgentInfo).toBeUndefined();
    expect(contact.AnsweringMachineDetectionStatus).toBeUndefined();
    expect(centre.records).toMatchObject([{ ContactId: contactId, DisconnectReason: reason, Agent: null }]);
  });

  it.each(["+12065550100", "+12065550149", "+442079460000"])(
    "%s is answered and reaches an agent",
    async (to) => {
      const centre = await aCentre();

      const contactId = await centre.call({ DestinationPhoneNumber: to });
      await centre.advance(minutes(5));

      expect(centre.eventTypes(contactId)).toEqual(withAgent);
      const contact = await centre.describe(contactId);
      expect(contact.DisconnectReason).toMatch(/^(CUSTOMER|AGENT)_DISCONNECT$/);
      expect(contact.AgentInfo?.AfterContactWorkEndTimestamp).toBeInstanceOf(Date);
      expect(contact.CustomerEndpoint?.Address).toBe(to);
      expect(centre.records).toHaveLength(1);
      expect(centre.records[0]?.Agent?.ARN).toContain("/agent/");
    },
  );

  it.each([
    ["+12065550160", "DestinationNotAllowedException", 403],
    ["+12065550161", "OutboundContactNotPermittedException", 403],
    ["+12065550162", "LimitExceededException", 429],
  ])("%s is refused with %s", async (destination, name, httpStatusCode) => {
    const centre = await aCentre();

    await expect(centre.call({ DestinationPhoneNumber: destination })).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode, requestId: expect.any(String) },
    });
    expect(centre.simulator.contacts()).toEqual([]);
  });

  it("rings for as long as RingTimeoutInSeconds says, and 60 seconds when it says nothing", async () => {
    const centre = await aCentre();
    const short = await centre.call({ DestinationPhoneNumber: "+12065550151", RingTimeoutInSeconds: 20 });
    const long = await centre.call({ DestinationPhoneNumber: "+12065550151" });

    await centre.advance(minutes(2));

    for (const [contactId, seconds] of [
      [short, 20],
      [long, 60],
    ] as const) {
      const { InitiationTimestamp, DisconnectTimestamp } = await centre.describe(contactId);
      expect(Number(DisconnectTimestamp) - Number(InitiationTimestamp)).toBe(seconds * 1000);
    }
  });

  it("times out a call whose ring would last longer than its timeout", async () => {
    const centre = await aCentre({ durations: { ring: [30, 30] } });
    const contactId = await centre.call({ RingTimeoutInSeconds: 15 });

    await centre.advance(minutes(1));

    expect((await centre.describe(contactId)).DisconnectReason).toBe("TELECOM_TIMEOUT");
  });

  it("tells voicemail from a person only for campaign traffic with detection on", async () => {
    const centre = await aCentre();
    const contactId = await centre.call({
      DestinationPhoneNumber: "+12065550156",
      TrafficType: "CAMPAIGN",
      AnswerMachineDetectionConfig: { EnableAnswerMachineDetection: true },
    });

    await centre.advance(minutes(5));

    expect((await centre.describe(contactId)).AnsweringMachineDetectionStatus).toBe("VOICEMAIL_BEEP");
    const statuses = centre.events.map(({ detail }) => detail.answeringMachineDetectionStatus);
    expect(statuses).toEqual([undefined, "VOICEMAIL_BEEP", "VOICEMAIL_BEEP", "VOICEMAIL_BEEP"]);
  });

  it("draws the same life again from the same seed", async () => {
    const life = async (seed: number) => {
      const centre = await aCentre({ seed, startAt: new Date("2026-11-23T10:00:00Z") });
      await centre.call();
      await centre.advance(minutes(5));
      return centre.events.map(({ time, detail }) => [detail.eventType, time, detail.disconnectReason]);
    };

    expect(await life(7)).toEqual(await life(7));
    expect(await life(7)).not.toEqual(await life(8));
  });
});
