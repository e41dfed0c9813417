import {
  type Claim,
  claimOver,
  hexDigestIn,
  mostSignatures,
  type NoClaim,
  type SignedRequest,
  secondsIn,
} from "./claim.ts";

/** `t=<unix seconds>,v1=<hex>[,v1=<hex>]`, over the seconds, a full stop and the body. */
export function oursIn({ headers, body }: SignedRequest, { header }: { header: string }): Claim | NoClaim {
  const value = headers[header];
  if (value === undefined) return "missing";
  const [time = "", ...others] = value.split(",", mostSignatures + 2);
  const signedAt = time.startsWith("t=") ? secondsIn(time.slice(2)) : undefined;
  const signatures = others.map((one) => (one.startsWith("v1=") ? hexDigestIn(one.slice(3)) : undefined));
  const read = signatures.filter((one) => one !== undefined);
  const isWhole = read.length === others.length && read.length > 0 && read.length <= mostSignatures;
  if (signedAt === undefined || !isWhole) return "malformed";
  return claimOver([`${time.slice(2)}.`, body], read, { signedAt });
}
