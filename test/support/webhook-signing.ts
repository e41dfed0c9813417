import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** The senders' side of each form of signature, written apart from what checks it. Times are epoch milliseconds. */

const mac = (secret: string, text: Buffer, encoding: "hex" | "base64") =>
  createHmac("sha256", secret).update(text).digest(encoding);

const secondsOf = (at: number) => String(Math.floor(at / 1000));

export function signedByUs(secrets: string[], body: Buffer, at: number): Record<string, string> {
  const signed = Buffer.concat([Buffer.from(`${secondsOf(at)}.`), body]);
  const signatures = secrets.map((secret) => `v1=${mac(secret, signed, "hex")}`);
  return { "x-contact-automation-signature": [`t=${secondsOf(at)}`, ...signatures].join(",") };
}

export function signedAsGitHub(secret: string, body: Buffer): Record<string, string> {
  return { "x-hub-signature-256": `sha256=${mac(secret, body, "hex")}` };
}

export function signedWithTime(secret: string, body: Buffer, at: number): Record<string, string> {
  const signed = Buffer.concat([Buffer.from(`${secondsOf(at)}.`), body]);
  return {
    "x-hub-signature-256": `sha256=${mac(secret, signed, "hex")}`,
    "x-signed-at": secondsOf(at),
  };
}

export function signedByStandard(
  secret: string,
  id: string,
  body: Buffer,
  at: number,
): Record<string, string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": secondsOf(at),
    "webhook-signature": new Webhook(secret).sign(id, new Date(at), body.toString()),
  };
}

export function signedByHubSpot(
  secret: string,
  url: string,
  body: Buffer,
  at: number,
): Record<string, string> {
  const signed = Buffer.concat([Buffer.from(`POST${url}`), body, Buffer.from(String(at))]);
  return {
    "x-hubspot-signature-v3": mac(secret, signed, "base64"),
    "x-hubspot-request-timestamp": String(at),
  };
}
