import { ListQueuesCommand, StartOutboundVoiceContactCommand } from "@aws-sdk/client-connect";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SignedRequest } from "../../../../local/connect-simulator/auth/canonical-request.ts";
import { callerWithoutCheck } from "../../../../local/connect-simulator/auth/sigv4.ts";
import { anAuthServer, headersWith, instanceArn, outcome, presigned, sentBy } from "./support.ts";

const queues = new ListQueuesCommand({
  InstanceId: instanceArn,
  QueueTypes: ["STANDARD", "AGENT"],
  NextToken: "a+b/c=d e&é",
});
const call = new StartOutboundVoiceContactCommand({
  InstanceId: instanceArn,
  ContactFlowId: "flow",
  DestinationPhoneNumber: "+12065550100",
  Attributes: { name: "Zoë 東京" },
});

/** The texts that a signature covers, and the request with one of them replaced. Strings are latin1 bytes. */
function signedParts(request: SignedRequest): { text: string; replaced(text: string): SignedRequest }[] {
  const authorization = request.rawHeaders.find(
    (_, at, all) => all[at - 1]?.toLowerCase() === "authorization",
  );
  const inHeader = /SignedHeaders=([^,]+)/.exec(authorization ?? "")?.[1];
  const signedHeaders = (inHeader ?? "host").split(";");
  const parts = [
    { text: request.method, replaced: (method: string) => ({ ...request, method }) },
    { text: request.target, replaced: (target: string) => ({ ...request, target }) },
    {
      text: request.body.toString("latin1"),
      replaced: (text: string) => ({ ...request, body: Buffer.from(text, "latin1") }),
    },
  ];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] ?? "";
    const text = request.rawHeaders[at + 1] ?? "";
    const value = (changed: string) => ({ ...request, rawHeaders: request.rawHeaders.with(at + 1, changed) });
    if (signedHeaders.includes(name.toLowerCase())) parts.push({ text, replaced: value });
    if (name.toLowerCase() !== "authorization") continue;
    for (const key of ["Credential", "SignedHeaders", "Signature"]) {
      const [before = "", rest = ""] = text.split(`${key}=`);
      const part = rest.split(",")[0] ?? "";
      parts.push({
        text: part,
        replaced: (changed) => value(`${before}${key}=${changed}${rest.slice(part.length)}`),
      });
    }
  }
  return parts.filter(({ text }) => text !== "");
}

/** The case of an escape's digits, and the kind of white space, say nothing. */
const meaning = (text: string): string =>
  text
    .replace(/%[0-9a-f]{2}/gi, (triple) => triple.toUpperCase())
    .replace(/[ \t\r\n]+/g, " ")
    .trim();

test("whatever one byte of the signed parts is changed, the request is refused", async () => {
  const server = await anAuthServer();
  const requests = [
    await sentBy(server, () => server.connect().send(queues)),
    await sentBy(server, () => server.connect().send(call)),
    { ...(await presigned({ target: "/users-summary/x", query: { a: ["1", "2"] } })), body: Buffer.alloc(0) },
  ];
  for (const request of requests) expect(outcome(request, server.keys)).toMatch(/^accepted/);
  const parts = requests.flatMap(signedParts);
  fc.assert(
    fc.property(
      fc.constantFrom(...parts),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      ({ text, replaced }, place, code) => {
        const at = place % text.length;
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        fc.pre(meaning(changed) !== meaning(text));
        expect(outcome(replaced(changed), server.keys)).not.toMatch(/^accepted/);
      },
    ),
    { numRuns: 3000, seed: 5 },
  );
});

test("no Authorization header, date or target makes it throw", async () => {
  const server = await anAuthServer();
  const request = await sentBy(server, () => server.connect().send(queues));
  const pieces = fc.constantFrom(
    "AWS4-HMAC-SHA256",
    "Credential=",
    "test/20260101/us-east-1/connect/aws4_request",
    "SignedHeaders=",
    "Signature=",
    "__proto__",
    "/",
    ",",
    ";",
    "=",
    " ",
    "%",
    "%zz",
    "?X-Amz-Algorithm=",
    "&X-Amz-Expires=",
  );
  const garbage = fc.oneof(
    fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))).map((all) => all.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(garbage, fc.constantFrom("authorization", "x-amz-date", "target"), (text, place) => {
      const bad =
        place === "target" ? { ...request, target: text } : headersWith(request, place, () => `${text}!`);
      expect(outcome(bad, server.keys)).toMatch(/^\w+Exception 403: /);
      expect(() => callerWithoutCheck(bad, server.keys)).not.toThrow();
      expect(outcome({ ...bad, rawHeaders: [] }, server.keys)).toMatch(/^\w+Exception 403: /);
    }),
    { numRuns: 2000, seed: 5 },
  );
});
