import { request } from "node:http";
import { connect } from "node:net";
import type { StartOutboundVoiceContactCommandInput } from "@aws-sdk/client-connect";
import { describe, expect, it } from "vitest";
import { defaultQueueId } from "../../../local/connect-simulator/defaults.ts";
import { aCall, aCentre } from "./support.ts";

const parameter = "InvalidParameterException";
const invalid = "InvalidRequestException";
const missing = "ResourceNotFoundException";

type Members = Record<string, unknown>;

const table: [what: string, members: Members, type: string][] = [
  ["no destination", { DestinationPhoneNumber: undefined }, invalid],
  ["a destination that is null", { DestinationPhoneNumber: null }, invalid],
  ["a destination of the wrong type", { DestinationPhoneNumber: 12065550100 }, invalid],
  ["a national destination", { DestinationPhoneNumber: "206-555-0100" }, parameter],
  ["a destination of 16 digits", { DestinationPhoneNumber: "+1234567890123456" }, parameter],
  ["a destination with text after it", { DestinationPhoneNumber: "+12065550100\n" }, parameter],
  ["no flow", { ContactFlowId: undefined }, invalid],
  ["a flow of 501 characters", { ContactFlowId: "f".repeat(501) }, parameter],
  ["an unknown flow", { ContactFlowId: "unknown" }, missing],
  ["no instance", { InstanceId: undefined }, invalid],
  ["an empty instance", { InstanceId: "" }, parameter],
  ["an instance of 101 characters", { InstanceId: "i".repeat(101) }, parameter],
  ["an unknown instance", { InstanceId: "unknown" }, missing],
  ["an unknown queue", { QueueId: "unknown" }, missing],
  ["neither queue nor source", { QueueId: undefined, SourcePhoneNumber: undefined }, invalid],
  ["a source that is no number", { SourcePhoneNumber: "nope" }, parameter],
  ["an unclaimed source", { SourcePhoneNumber: "+12065550198" }, "OutboundContactNotPermittedException"],
  ["a name of 1,025 characters", { Name: "n".repeat(1025) }, parameter],
  ["a description of 4,097 characters", { Description: "d".repeat(4097) }, parameter],
  ["an empty campaign", { CampaignId: "" }, parameter],
  ["a campaign of 101 characters", { CampaignId: "c".repeat(101) }, parameter],
  ["an unknown kind of traffic", { TrafficType: "X" }, parameter],
  ["a ring timeout of 14", { RingTimeoutInSeconds: 14 }, parameter],
  ["a ring timeout of 61", { RingTimeoutInSeconds: 61 }, parameter],
  ["a ring timeout of 15.5", { RingTimeoutInSeconds: 15.5 }, parameter],
  ["a ring timeout that is text", { RingTimeoutInSeconds: "20" }, invalid],
  [
    "detection without campaign traffic",
    { AnswerMachineDetectionConfig: { EnableAnswerMachineDetection: true } },
    parameter,
  ],
  ["detection that is no object", { AnswerMachineDetectionConfig: true }, invalid],
  ["attributes that are no object", { Attributes: ["a"] }, invalid],
  ["an attribute with a dot in its key", { Attributes: { "a.b": "c" } }, parameter],
  ["an attribute with an empty key", { Attributes: { "": "c" } }, parameter],
  ["an attribute that is a number", { Attributes: { a: 1 } }, invalid],
  ["a value of 32,768 characters", { Attributes: { a: "x".repeat(32_768) } }, parameter],
  ["32,769 bytes of attributes", { Attributes: { a: "x".repeat(32_767), b: "" } }, invalid],
  ["16,384 characters of 2 bytes", { Attributes: { a: "é".repeat(16_384) } }, invalid],
  ["a reference without type", { References: { a: { Value: "x" } } }, invalid],
  [
    "a reference of a type not for creation",
    { References: { a: { Type: "ATTACHMENT", Value: "x" } } },
    parameter,
  ],
  [
    "a reference of 4,097 characters",
    { References: { a: { Type: "STRING", Value: "x".repeat(4097) } } },
    parameter,
  ],
  ["a reference with an empty key", { References: { "": { Type: "URL", Value: "x" } } }, parameter],
  ["an empty related contact", { RelatedContactId: "" }, parameter],
  ["an unknown related contact", { RelatedContactId: "unknown" }, missing],
  ["an outbound strategy", { OutboundStrategy: { Type: "AGENT_FIRST" } }, "AccessDeniedException"],
  ["an unknown outbound strategy", { OutboundStrategy: { Type: "X" } }, parameter],
];

describe("StartOutboundVoiceContact refuses", () => {
  it.each(table)("%s", async (_, members, type) => {
    const centre = await aCentre();

    const answer = await centre.raw("PUT", "/contact/outbound-voice", { ...aCall(), ...members });

    expect(answer).toMatchObject({ type, body: { __type: type, Message: expect.any(String) } });
    expect(answer.status).toBe({ [missing]: 404, [parameter]: 400, [invalid]: 400 }[type] ?? 403);
    expect(centre.simulator.contacts()).toEqual([]);
    expect(centre.simulator.requests()).toMatchObject([{ status: answer.status, error: type }]);
  });
});

describe("StartOutboundVoiceContact accepts", () => {
  const most: [what: string, members: Partial<StartOutboundVoiceContactCommandInput>][] = [
    ["a queue alone", { SourcePhoneNumber: undefined }],
    ["a source alone", { QueueId: undefined }],
    ["exactly 32,768 bytes of attributes", { Attributes: { a: "x".repeat(32_767) } }],
    ["keys that JavaScript knows", { Attributes: { constructor: "c", toString: "t" } }],
    ["the shortest and the longest ring timeout", { RingTimeoutInSeconds: 15 }],
    ["references", { References: { site: { Type: "URL", Value: "https://example.com" } } }],
    ["everything else", { Name: "n", Description: "d", TrafficType: "CAMPAIGN", CampaignId: "c" }],
  ];

  it.each(most)("%s", async (_, members) => {
    const centre = await aCentre();
    const contactId = await centre.call(members);
    expect((await centre.describe(contactId)).Attributes).toEqual(members.Attributes ?? {});
  });

  it("ARNs of the instance and the queue", async () => {
    const centre = await aCentre();
    const { instanceArn } = centre.simulator;
    const contactId = await centre.call({
      InstanceId: instanceArn,
      QueueId: `${instanceArn}/queue/${defaultQueueId}`,
    });
    const label = encodeURIComponent(instanceArn);
    expect(await centre.raw("GET", `/contacts/${label}/${contactId}`)).toMatchObject({ status: 200 });
  });

  it("null for what a client leaves out, and members that nobody knows", async () => {
    const centre = await aCentre();
    const body = { ...aCall(), Name: null, Attributes: null, Unheard: 1 };
    expect(await centre.raw("PUT", "/contact/outbound-voice", body)).toMatchObject({ status: 200 });
  });
});

describe("a bad request is answered, whatever it is", () => {
  it.each([
    ["GET", "/prompts-summary/x", undefined, 400, "UnsupportedOperationException"],
    ["POST", "/contact/outbound-voice", {}, 400, "UnsupportedOperationException"],
    ["PUT", "/contact/outbound-voice", "{", 400, invalid],
    ["PUT", "/contact/outbound-voice", "[]", 400, invalid],
    ["PUT", "/contact/outbound-voice", undefined, 400, invalid],
    ["GET", "/contacts/%ZZ/x", undefined, 400, invalid],
    ["GET", "/contacts//x", undefined, 400, parameter],
    ["PUT", "/contact/outbound-voice", "x".repeat(1_048_577), 413, "RequestEntityTooLargeException"],
  ])("%s %s", async (method, path, body, status, type) => {
    const centre = await aCentre();
    expect(await centre.raw(method, path, body)).toMatchObject({ status, type, body: { __type: type } });
    await centre.call();
  });

  it("names the path of an operation that it does not have", async () => {
    const centre = await aCentre();
    const { body } = await centre.raw("GET", "/prompts-summary/x");
    expect(body["Message"]).toBe(
      "ListPrompts is an operation of Amazon Connect that the simulator does not have (GET /prompts-summary/x)",
    );
    const unheard = await centre.raw("GET", "/unheard-of/x");
    expect(unheard.body["Message"]).toBe("Amazon Connect has no operation at GET /unheard-of/x");
  });

  it("not HTTP at all", async () => {
    const centre = await aCentre();
    const text = await new Promise<string>((resolve) => {
      const socket = connect(centre.simulator.port, "127.0.0.1", () => socket.end("nonsense\r\n\r\n"));
      let received = "";
      socket.on("data", (chunk) => {
        received += chunk;
      });
      socket.on("close", () => resolve(received));
    });
    expect(text).toMatch(/^HTTP\/1.1 400 .*InvalidRequestException/s);
    await centre.call();
  });

  it("a body that breaks off, without a word in the log", async () => {
    const centre = await aCentre();
    await new Promise<void>((resolve) => {
      const half = request({
        port: centre.simulator.port,
        method: "PUT",
        path: "/contact/outbound-voice",
        headers: { "content-length": 100 },
      });
      half.on("error", () => resolve());
      half.write("{", () => half.destroy(new Error("gone")));
    });
    await centre.call();
    expect(centre.warnings).toEqual([]);
  });
});
