import { timingSafeEqual } from "node:crypto";
import type { HttpRequest } from "../../http/http.ts";
import type { Source } from "../source.ts";
import { type Claim, digestBytes, type NoClaim } from "./claim.ts";
import { hubspotIn } from "./hubspot.ts";
import { oursIn } from "./ours.ts";
import { sha256In } from "./sha256.ts";
import { standardIn } from "./standard.ts";

export function claimIn(request: HttpRequest, { name, signature }: Source): Claim | NoClaim {
  switch (signature.form) {
    case "contact-automation":
      return oursIn(request, signature);
    case "sha256":
      return sha256In(request, signature);
    case "standard-webhooks":
      return standardIn(request);
    case "hubspot-v3":
      return hubspotIn(request, signature.url ?? `https://${request.headers["host"]}/webhooks/${name}`);
  }
}

/** @returns undefined where it was signed within the window, or where the form says nothing of when */
export function untimely(
  { signedAt }: Claim,
  windowMs: number,
  now: number,
): "too-old" | "too-new" | undefined {
  if (signedAt === undefined) return undefined;
  if (signedAt < now - windowMs) return "too-old";
  return signedAt > now + windowMs ? "too-new" : undefined;
}

/** Whether one of the signatures is by one of the secrets. All are compared, each in constant time. */
export function isSignedBy(secrets: string[], { signatures, sign }: Claim): boolean {
  const digests = secrets.map(sign).filter((digest) => digest?.length === digestBytes);
  const matches = digests.flatMap((digest) =>
    signatures.map((signature) => digest !== undefined && timingSafeEqual(signature, digest)),
  );
  return matches.includes(true);
}
