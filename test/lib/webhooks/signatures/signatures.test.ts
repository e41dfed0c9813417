import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpRequest } from "../../../../lib/http/http.ts";
import { hubspotIn } from "../../../../lib/webhooks/signatures/hubspot.ts";
import { oursIn } from "../../../../lib/webhooks/signatures/ours.ts";
import { sha256In } from "../../../../lib/webhooks/signatures/sha256.ts";
import { standardIn } from "../../../../lib/webhooks/signatures/standard.ts";
import { claimIn, isSignedBy } from "../../../../lib/webhooks/signatures/verify.ts";
import { signedByStandard, signedByUs } from "../../../support/webhook-signing.ts";
import { aWebhook, now, secretOf, sources } from "../../../support/webhook-world.ts";

const forms = ["ours", "standard", "github", "timed", "hubspot"];

/** Whether the signature holds for that request, apart from its time. */
function holds(source: string, request: HttpRequest, secrets = [secretOf(source)]): boolean {
  const found = sources.get(source);
  if (!found) throw new Error(`there is no source ${source}`);
  const claim = claimIn(request, found);
  return typeof claim === "object" && isSignedBy(secrets, claim);
}

describe("published examples", () => {
  it("of GitHub", () => {
    const body = Buffer.from("Hello, World!");
    const digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    const headers = { "x-hub-signature-256": `sha256=${digest}` };
    const claim = sha256In({ headers, body }, { header: "x-hub-signature-256" });
    expect(typeof claim === "object" && isSignedBy(["It's a Secret to Everybody"], claim)).toBe(true);
  });

  it("of Standard Webhooks", () => {
    const body = Buffer.from('{"test": 2432232314}');
    const headers = {
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const claim = standardIn({ headers, body });
    expect(claim).toMatchObject({ id: "msg_p5jXN8AQM9LWM0D4loKWxJek", signedAt: 1614265330_000 });
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    expect(typeof claim === "object" && isSignedBy([secret], claim)).toBe(true);
  });

  it("of HubSpot's own client libraries", () => {
    const body = Buffer.from("{'example_field':'example_value'}");
    const headers = {
      "x-hubspot-signature-v3": "HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw=",
      "x-hubspot-request-timestamp": "15000000",
    };
    const claim = hubspotIn({ headers, body }, "https://www.example.com/webhook_uri");
    const secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
    expect(typeof claim === "object" && isSignedBy([secret], claim)).toBe(true);
  });
});

describe("a signature", () => {
  it("holds in each form, and for no other secret", () => {
    for (const source of forms) {
      expect(holds(source, aWebhook(source)), source).toBe(true);
      expect(holds(source, aWebhook(source), []), source).toBe(false);
      expect(holds(source, aWebhook(source), [secretOf("another")]), source).toBe(false);
    }
  });

  it("holds when one of several secrets made it, whichever", () => {
    for (const source of forms) {
      expect(holds(source, aWebhook(source), [secretOf("another"), secretOf(source)]), source).toBe(true);
      // Not base64, and so no secret of Standard Webhooks: the others still count.
      expect(holds(source, aWebhook(source), ["%%%", secretOf(source)]), source).toBe(true);
    }
  });

  it("does not hold once any byte of the body is another", () => {
    const change = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(fc.constantFrom(...forms), change, (source, { at, bits }) => {
        const request = aWebhook(source);
        const body = Buffer.from(request.body);
        const place = at % body.length;
        body.writeUInt8((body[place] ?? 0) ^ bits, place);
        expect(holds(source, { ...request, body })).toBe(false);
      }),
    );
  });

  it("does not hold for a shorter or a longer body", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.nat(),
        fc.uint8Array({ maxLength: 8 }),
        (source, cut, more) => {
          const request = aWebhook(source);
          const body = Buffer.concat([request.body.subarray(0, cut % (request.body.length + 1)), more]);
          expect(holds(source, { ...request, body })).toBe(body.equals(request.body));
        },
      ),
    );
  });

  it("does not hold once any digit of a signed header is another", () => {
    const signed = [
      ["ours", "x-contact-automation-signature"],
      ["standard", "webhook-id"],
      ["standard", "webhook-timestamp"],
      ["timed", "x-signed-at"],
      ["hubspot", "x-hubspot-request-timestamp"],
      ["hubspot", "host"],
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...signed), fc.nat(), fc.nat(9), ([source, name], at, digit) => {
        const request = aWebhook(source);
        const value = String(request.headers[name]);
        const place = at % value.length;
        const other = `${value.slice(0, place)}${digit}${value.slice(place + 1)}`;
        expect(holds(source, { ...request, headers: { ...request.headers, [name]: other } })).toBe(
          other === value,
        );
      }),
    );
  });

  it("is read or refused, whatever the headers hold", () => {
    const names = ["x-contact-automation-signature", "webhook-signature", "x-hub-signature-256"];
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.constantFrom("t=1795608000", "v1=", "sha256=", "v1,", ",", " ").map((part) => part.repeat(3)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...forms), fc.constantFrom(...names), text, (source, name, value) => {
        const request = aWebhook(source);
        const forged = { ...request.headers, [name]: value };
        const isOwn = request.headers[name] !== undefined;
        expect(holds(source, { ...request, headers: forged })).toBe(
          !isOwn || request.headers[name] === value,
        );
      }),
    );
  });
});

describe("HubSpot's third version", () => {
  it("does not hold when the end of the body is made the beginning of the time", () => {
    const request = aWebhook("hubspot", { body: Buffer.from("amount=10") });
    const moved = { ...request.headers, "x-hubspot-request-timestamp": `0${now}` };
    expect(holds("hubspot", request)).toBe(true);
    expect(holds("hubspot", { ...request, headers: moved, body: Buffer.from("amount=1") })).toBe(false);
  });
});

describe("our own form", () => {
  const body = Buffer.from("{}");
  const read = (value: string) => oursIn({ headers: { signature: value }, body }, { header: "signature" });
  const hex = "a".repeat(64);

  it("takes up to five signatures", () => {
    const secrets = ["one", "two", "three", "four", "five"];
    const headers = signedByUs(secrets, body, now);
    const claim = read(String(headers["x-contact-automation-signature"]));
    expect(claim).toMatchObject({ signedAt: now });
    for (const secret of secrets) expect(typeof claim === "object" && isSignedBy([secret], claim)).toBe(true);
    expect(read(`t=1795608000${`,v1=${hex}`.repeat(6)}`)).toBe("malformed");
  });

  it("takes nothing but itself", () => {
    const malformed = [
      "",
      "t=1795608000",
      `v1=${hex}`,
      `v1=${hex},t=1795608000`,
      `t=1795608000, v1=${hex}`,
      `t=1795608000,v1=${hex},`,
      `t=1795608000,v0=${hex}`,
      `t=1795608000,v1=${hex.slice(1)}`,
      `t=1795608000,v1=${hex}0`,
      `t=1795608000,v1=${"g".repeat(64)}`,
      `t=17956080000,v1=${hex}`,
      `t=-795608000,v1=${hex}`,
      `t=1795608000.5,v1=${hex}`,
      `t=1e9,v1=${hex}`,
      `t=1795608000,t=1795608000,v1=${hex}`,
    ];
    for (const value of malformed) expect(read(value), value).toBe("malformed");
    expect(oursIn({ headers: {}, body }, { header: "signature" })).toBe("missing");
  });
});

describe("Standard Webhooks", () => {
  const body = Buffer.from("{}");
  const secret = secretOf("standard");
  const headers = signedByStandard(secret, "wh-1", body, now);
  const own = String(headers["webhook-signature"]);
  const read = (value: string) => standardIn({ headers: { ...headers, "webhook-signature": value }, body });

  it("passes over the signatures of other versions", () => {
    const claim = read(`v1a,${"A".repeat(86)}== v1,${Buffer.alloc(32).toString("base64")} ${own}`);
    expect(typeof claim === "object" && isSignedBy([`whsec_${secret}`], claim)).toBe(true);
  });

  it("takes nothing but itself, and no body that is no text", () => {
    for (const value of [
      "",
      "v1",
      "v1,",
      "v1,AAAA",
      own.slice(3),
      `${own},${own}`,
      `v1a,AAAA`,
      `${own}  ${own}`,
    ])
      expect(read(value), value).toBe("malformed");
    expect(read(Array.from({ length: 6 }, () => own).join(" "))).toBe("malformed");
    expect(standardIn({ headers, body: Buffer.from([0xff]) })).toBe("malformed");
    const lax = { ...headers, "webhook-timestamp": `${headers["webhook-timestamp"]}abc` };
    expect(standardIn({ headers: lax, body })).toBe("malformed");
  });
});
