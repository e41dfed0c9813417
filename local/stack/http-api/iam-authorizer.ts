import { defaultKeys, keyRing } from "../../connect-simulator/auth/key-ring.ts";
import { verifySignature } from "../../connect-simulator/auth/sigv4.ts";
import { accountId, region } from "../emulators.ts";
import type { Authorizer } from "./authorizer.ts";
import { forbidden } from "./gateway-answer.ts";
import type { GatewayRequest } from "./gateway-request.ts";

/** AWS_IAM: Signature Version 4 for `execute-api`, by the stand-in keys that the Connect simulator takes as well. */
export function iamAuthorizer(): Authorizer {
  const keys = keyRing({ keys: defaultKeys, accountId, now: Date.now });
  return (request) => {
    if (leavesBodyOut(request)) return { kind: "refused", answer: forbidden() };
    const { method, target, rawHeaders, body } = request;
    const expected = { service: "execute-api" as const, region, now: Date.now() };
    let accessKey = "";
    const find = (id: string) => {
      accessKey = id;
      return keys.find(id);
    };
    const verdict = verifySignature({ method, target, rawHeaders, body }, find, expected);
    if (verdict.kind === "refused") return { kind: "refused", answer: forbidden() };
    const { arn, userId } = verdict.caller;
    const iam = {
      accessKey,
      accountId: verdict.caller.accountId,
      callerId: userId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: arn,
      userId,
    };
    return { kind: "allowed", authorizer: { iam } };
  };
}

/** With such a signature anybody could exchange the body. */
function leavesBodyOut({ headers, rawQueryString }: GatewayRequest): boolean {
  const said = [headers["x-amz-content-sha256"], ...new URLSearchParams(rawQueryString).values()];
  return said.includes("UNSIGNED-PAYLOAD");
}
