import * as v from "valibot";
import type { Caller } from "../http/http.ts";

const byToken = v.pipe(
  v.object({ jwt: v.object({ claims: v.record(v.string(), v.unknown()) }) }),
  v.transform(({ jwt: { claims } }): Caller => ({ kind: "token", claims })),
);
const bySignature = v.pipe(
  v.object({ iam: v.object({ userArn: v.string() }) }),
  v.transform(({ iam: { userArn } }): Caller => ({ kind: "iam", arn: userArn })),
);
const contextSchema = v.object({ authorizer: v.union([byToken, bySignature]) });

/** @param requestContext of payload format 2.0 @returns undefined where the route has no authorizer */
export function callerIn(requestContext: unknown): Caller | undefined {
  const parsed = v.safeParse(contextSchema, requestContext);
  return parsed.success ? parsed.output.authorizer : undefined;
}
