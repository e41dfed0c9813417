import type { HttpAnswer } from "../http/http.ts";
import { ScimFault } from "./fault.ts";
import type { Json } from "./value.ts";

export const scimMediaType = "application/scim+json";

/** As text, so that nothing is added to it. */
export const scimAnswer = (status: number, body: Json, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { ...headers, "content-type": scimMediaType },
  body: JSON.stringify(body),
});

/** RFC 7644, 3.12. */
export const faultAnswer = ({ status, scimType, message }: ScimFault): HttpAnswer =>
  scimAnswer(status, {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(status),
    ...(scimType && { scimType }),
    detail: message,
  });

/** To what is not the request's fault. */
export const failedAnswer = (): HttpAnswer =>
  faultAnswer(new ScimFault(500, undefined, "it is not the request's fault: send it again"));
