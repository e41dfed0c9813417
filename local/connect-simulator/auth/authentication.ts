import type { WireError } from "../wire/wire-error.ts";
import type { Caller } from "./caller.ts";
import type { SignedRequest } from "./canonical-request.ts";
import type { KeyRing } from "./key-ring.ts";
import { callerWithoutCheck, verifySignature } from "./sigv4.ts";
import { answerSts, isStsRequest, refuseSts } from "./sts.ts";

export type Authentication = {
  /** Who sends a request for Connect. Throws a WireError of status 403. */
  caller(request: SignedRequest): Caller;
  /** The answer of STS, if the request is for it. */
  sts(request: SignedRequest): StsReply | undefined;
};

type StsReply = { operation: string; status: number; body: string; requestId: string; error?: WireError };

type Parts = { keys: KeyRing; region: string; check: boolean; realNow: () => number };

export function authentication({ keys, region, check, realNow }: Parts): Authentication {
  function verdictOf(request: SignedRequest, service: "connect" | "sts") {
    if (!check) return { kind: "accepted", caller: callerWithoutCheck(request, keys) } as const;
    return verifySignature(request, keys.find, {
      service,
      // STS has Regions of its own.
      ...(service === "connect" && { region }),
      now: realNow(),
    });
  }

  return {
    caller(request) {
      const verdict = verdictOf(request, "connect");
      if (verdict.kind === "refused") throw verdict.error;
      return verdict.caller;
    },
    sts({ body, ...request }) {
      const asText = { ...request, body: body.toString() };
      if (!isStsRequest(asText)) return undefined;
      const verdict = verdictOf({ ...request, body }, "sts");
      const answer =
        verdict.kind === "refused" ? refuseSts(verdict.error) : answerSts(asText, verdict.caller, keys);
      return { ...answer, operation: "sts" };
    },
  };
}
