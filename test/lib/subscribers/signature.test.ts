import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { aNewSecret, parameterOf, secretsIn, signedHeaders } from "../../../lib/subscribers/signature.ts";

const body = JSON.stringify({ noticeId: "n-1", reason: "ümlaut" });

describe("signatures", () => {
  it("are those of Standard Webhooks", () => {
    const secret = aNewSecret();
    const headers = signedHeaders("n-1", body, [secret], Date.now());
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    expect(headers["webhook-id"]).toBe("n-1");
  });

  it("are two while the secret changes, and either verifies", () => {
    const [older, newer, another] = [aNewSecret(), aNewSecret(), aNewSecret()];
    const headers = signedHeaders("n-1", body, secretsIn(parameterOf([newer, older])), Date.now());
    expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
    for (const secret of [older, newer])
      expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(another).verify(body, headers)).toThrow();
  });

  it("are not made without a secret", () => {
    for (const parameter of [undefined, "", " "]) expect(() => secretsIn(parameter)).toThrow("no secret");
  });
});
