import { type Claim, claimOver, hexDigestIn, type NoClaim, type SignedRequest, secondsIn } from "./claim.ts";

interface Names {
  header: string;
  timestampHeader?: string | undefined;
}

/**
 * `sha256=<hex>` over the body, as GitHub and Meta sign. With a timestamp's header: over the unix seconds in it, a full stop
 * and the body.
 */
export function sha256In({ headers, body }: SignedRequest, names: Names): Claim | NoClaim {
  const value = headers[names.header];
  const seconds = names.timestampHeader === undefined ? undefined : headers[names.timestampHeader];
  if (value === undefined || (names.timestampHeader !== undefined && seconds === undefined)) return "missing";
  const signature = value.startsWith("sha256=") ? hexDigestIn(value.slice("sha256=".length)) : undefined;
  if (!signature) return "malformed";
  if (seconds === undefined) return claimOver([body], [signature]);
  const signedAt = secondsIn(seconds);
  return signedAt === undefined ? "malformed" : claimOver([`${seconds}.`, body], [signature], { signedAt });
}
