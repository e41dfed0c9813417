import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningService, startService } from "../support/running-service.ts";
import { signedFetch } from "../support/signed-fetch.ts";
import { signedAsGitHub, signedByUs } from "../support/webhook-signing.ts";

/** More may be asked for: it is only a matter of time. */
const howMany = Number(process.env["HOSTILE_REQUESTS"] ?? 1_000);
const atOnce = 8;

const secret = "the-secret-of-ours";
const forged = { type: "call-request", requestId: "forged", destination: "+12065550100" };
const bytes = (body: unknown) => Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
const minutes = (count: number) => count * 60_000;

type Attack = (url: string, number: number) => Promise<Response>;

const webhook = (
  url: string,
  body: unknown,
  headers: Record<string, string>,
  source = "ours",
): Promise<Response> =>
  fetch(`${url}/webhooks/${source}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: bytes(body),
  });
const signed = (body: unknown, at = Date.now(), by = secret) => signedByUs([by], bytes(body), at);

/** Each with the statuses that may answer it. */
const attacks: [name: string, statuses: number[], attack: Attack][] = [
  ["no signature", [401], (url) => webhook(url, forged, {})],
  [
    "another secret",
    [401],
    (url, number) => webhook(url, forged, signed(forged, Date.now(), `guess ${number}`)),
  ],
  ["too old", [401], (url) => webhook(url, forged, signed(forged, Date.now() - minutes(6)))],
  ["too new", [401], (url) => webhook(url, forged, signed(forged, Date.now() + minutes(6)))],
  ["another body", [401], (url) => webhook(url, forged, signed({ ...forged, requestId: "genuine" }))],
  [
    "garbage for a signature",
    [401],
    (url) => webhook(url, forged, { "x-contact-automation-signature": "t=,v1=;" }),
  ],
  ["another form of signature", [401], (url) => webhook(url, forged, signedAsGitHub(secret, bytes(forged)))],
  ["a source there is not", [404], (url) => webhook(url, forged, signed(forged), "nobody")],
  ["a path for a source", [404], (url) => webhook(url, forged, signed(forged), "..%2F..%2Fours")],
  ["a source without a secret", [503], (url) => webhook(url, forged, signed(forged), "salesforce")],
  ["a body too large", [413], (url) => webhook(url, "x".repeat(300_000), signed("x".repeat(300_000)))],
  ["another type", [415], (url) => webhook(url, forged, { ...signed(forged), "content-type": "text/xml" })],
  ["a bomb", [400], (url) => webhook(url, "[".repeat(90_000), signed("[".repeat(90_000)))],
  [
    "a wrong message",
    [422],
    (url) => webhook(url, { ...forged, destination: "+1" }, signed({ ...forged, destination: "+1" })),
  ],
  [
    "an attribute that is ours",
    [422],
    (url) => {
      const update = { type: "attribute-update", requestId: "r", attributes: { attemptId: "r#1" } };
      return webhook(url, update, signed(update));
    },
  ],
  [
    "an unsigned call",
    [403],
    (url) => fetch(`${url}/call-requests`, { method: "POST", body: bytes(forged) }),
  ],
  ["an unsigned look", [403], (url) => fetch(`${url}/call-requests/forged`)],
  [
    "a call signed with a stranger's key",
    [403],
    (url) =>
      signedFetch(
        `${url}/call-requests`,
        { method: "POST", body: bytes(forged) },
        { credentials: { accessKeyId: "AKIDSTRANGER", secretAccessKey: "guessed" } },
      ),
  ],
  ["a path that is not there", [404], (url, number) => signedFetch(`${url}/../admin/${number}`)],
  ["another record", [400], (url) => signedFetch(`${url}/call-requests/campaign%23spring`)],
  ["a cursor of one's own", [400], (url) => signedFetch(`${url}/call-requests?cursor=eyJhIjoxfQ`)],
  [
    "a list that is wrong throughout",
    [422],
    (url) =>
      signedFetch(`${url}/call-requests`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: bytes([{ ...forged, requestId: "a#1" }, { destination: "+12065550100" }, null]),
      }),
  ],
];

describe("hostile requests over HTTP, on the running service", () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService({
      parameters: { "/contact-automation-local/webhooks/ours": JSON.stringify({ secrets: [secret] }) },
    });
  });
  afterAll(() => service.end());

  it(`get nothing through and break nothing: ${howMany} of them`, {
    timeout: 30_000 + howMany * 60,
  }, async () => {
    const wrong: string[] = [];
    const numbers = Array.from({ length: howMany }, (_, number) => number).values();
    const workers = Array.from({ length: atOnce }, async () => {
      for (const number of numbers) {
        const [name, statuses, attack] = attacks[number % attacks.length] ?? [];
        const answer = await untilHeard(() => attack?.(service.apiUrl, number));
        if (!answer || !statuses?.includes(answer.status)) wrong.push(`${name}: ${answer?.status}`);
        else if (!(await isProblem(answer))) wrong.push(`${name}: no problem document`);
      }
    });
    await Promise.all(workers);

    expect(wrong).toEqual([]);
    for (const queue of ["CALL_REQUESTS", "STOP_REQUESTS", "ATTRIBUTE_UPDATES"])
      expect(await service.depth(`${queue}_QUEUE_URL`)).toBe(0);
    expect(await service.record("forged")).toBeUndefined();
    expect(service.stack.simulator.contacts()).toEqual([]);
    const genuine = { ...forged, requestId: "genuine" };
    const answer = await untilHeard(() => webhook(service.apiUrl, genuine, signed(genuine)));
    expect(answer?.status).toBe(202);
    await service.until("genuine", ["placed", "ended"]);
  });
});

/** API Gateway throttles, which keeps them out as well; but each is to be heard. */
async function untilHeard(attack: () => Promise<Response> | undefined): Promise<Response | undefined> {
  for (let answer = await attack(); ; answer = await attack()) {
    if (answer?.status !== 429) return answer;
    await answer.body?.cancel();
    await sleep(100);
  }
}

/** What API Gateway refuses by itself, before any function is asked, has AWS's own form. */
async function isProblem(answer: Response): Promise<boolean> {
  const type = answer.headers.get("content-type");
  const body = (await answer.json()) as { status?: unknown; title?: unknown; message?: unknown };
  if (type === "application/problem+json")
    return body.status === answer.status && typeof body.title === "string";
  return (answer.status === 403 || answer.status === 404) && typeof body.message === "string";
}
