import { isUtf8 } from "node:buffer";
import { Webhook } from "standardwebhooks";
import {
  base64DigestIn,
  type Claim,
  mostSignatures,
  type NoClaim,
  type SignedRequest,
  secondsIn,
} from "./claim.ts";

/**
 * Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>[ v1,<base64>]`. Its library makes the
 * signature; it does not check it here, because it reads the clock by itself and takes `123abc` for a timestamp.
 */
export function standardIn({ headers, body }: SignedRequest): Claim | NoClaim {
  const id = headers["webhook-id"];
  const seconds = headers["webhook-timestamp"];
  const value = headers["webhook-signature"];
  if (id === undefined || seconds === undefined || value === undefined) return "missing";
  const signedAt = secondsIn(seconds);
  const signatures = signaturesIn(value);
  // The library signs text: two bodies that are no text could look alike to it.
  if (signedAt === undefined || !signatures || !isUtf8(body)) return "malformed";
  const sign = (secret: string) => signed(secret, id, signedAt, body);
  return { signatures, content: [`${id}.${seconds}.`, body], sign, signedAt, id };
}

/** Signatures of other versions, such as the asymmetric v1a, are for others. */
function signaturesIn(value: string): Buffer[] | undefined {
  const all = value.split(" ", mostSignatures + 1);
  if (all.length > mostSignatures || !all.every((one) => /^v\d[a-z]?,[A-Za-z0-9+/=]+$/.test(one)))
    return undefined;
  const ours = all.filter((one) => one.startsWith("v1,")).map((one) => base64DigestIn(one.slice(3)));
  const read = ours.filter((one) => one !== undefined);
  return read.length === ours.length && read.length > 0 ? read : undefined;
}

function signed(secret: string, id: string, signedAt: number, body: Buffer): Buffer | undefined {
  let webhook: Webhook;
  try {
    webhook = new Webhook(secret);
  } catch {
    return undefined;
  }
  return base64DigestIn(webhook.sign(id, new Date(signedAt), body).slice("v1,".length));
}
