import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** A new secret in the form of Standard Webhooks. */
export const aNewSecret = (): string => `whsec_${randomBytes(24).toString("base64")}`;

/** As kept in the parameter store: one secret, or while they change two, the newer first. */
export const parameterOf = (secrets: string[]): string => secrets.join(" ");

/** @throws Error when there is none, for nothing goes out unsigned */
export function secretsIn(parameter: string | undefined): string[] {
  const secrets = parameter?.split(" ").filter(Boolean) ?? [];
  if (secrets.length === 0) throw new Error("The subscriber has no secret");
  return secrets;
}

export const userAgentOf = (version: string): string => `contact-automation/${version}`;

/**
 * The headers of Standard Webhooks, with one signature for each secret.
 * @param id the same for the same notice
 * @param now epoch milliseconds
 */
export function signedHeaders(id: string, body: string, secrets: string[], now: number) {
  const at = new Date(now);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(" "),
  };
}
