import { base64DigestIn, type Claim, claimOver, type NoClaim, type SignedRequest } from "./claim.ts";

/**
 * HubSpot's third version: base64 over method, URL, body and the timestamp in milliseconds, with nothing between them.
 * @param url as HubSpot calls it
 */
export function hubspotIn({ headers, body }: SignedRequest, url: string): Claim | NoClaim {
  const value = headers["x-hubspot-signature-v3"];
  const milliseconds = headers["x-hubspot-request-timestamp"];
  if (value === undefined || milliseconds === undefined) return "missing";
  const signature = base64DigestIn(value);
  // With nothing between the two, a zero in front of the time could be the last byte of the body that was signed.
  if (!signature || !/^[1-9]\d{0,13}$/.test(milliseconds)) return "malformed";
  return claimOver(["POST", url, body, milliseconds], [signature], { signedAt: Number(milliseconds) });
}
