import { createHash } from "node:crypto";
import { problem, reached } from "../http/http.ts";
import { requestIdIn } from "./input.ts";
import type { Shown } from "./record-view.ts";
import type { Answering } from "./steps.ts";

/** `GET /call-requests/{requestId}`: what is on record. */
export const showRequest: Answering = async (request, { records }) => {
  const requestId = requestIdIn(request);
  if ("refusal" in requestId) return requestId.refusal;
  const shown = await reached(records.look(requestId.value));
  if (!shown) {
    return problem(404, "Unknown call request", {
      detail: "Nothing is on record. One that was accepted a moment ago may still be in its queue.",
    });
  }
  const etag = etagOf(shown);
  // It may be kept by the one who asked, and has to be asked after each time.
  const headers = { etag, "cache-control": "private, no-cache" };
  return namesIt(request.headers["if-none-match"], etag)
    ? { status: 304, headers }
    : { status: 200, headers, body: shown };
};

/** Of all that is shown: a stop is noted without a new revision. */
function etagOf(shown: Shown): string {
  const digest = createHash("sha256").update(JSON.stringify(shown)).digest("base64url");
  return `"${shown.revision}-${digest.slice(0, 16)}"`;
}

/** If-None-Match: a list, compared weakly (RFC 9110, 13.1.2). */
const namesIt = (ifNoneMatch = "", etag: string): boolean =>
  ifNoneMatch
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === etag || one === "*");
