import { type HttpAnswer, problem } from "../http/http.ts";
import { jsonFlaws } from "../http/json.ts";
import type { Outcome } from "./accept-webhook.ts";
import type { BodyFlaw } from "./body.ts";

const flaws = {
  ...jsonFlaws,
  "not-a-form": "It is not application/x-www-form-urlencoded.",
} satisfies Record<BodyFlaw, string>;

/** What each outcome says to the sender. Whatever is wrong with a signature, the answer is the same: it is no help to who forges. */
export function answerTo(outcome: Outcome): HttpAnswer {
  switch (outcome.kind) {
    case "accepted":
    case "repeated":
      return { status: 202, body: { webhookId: outcome.webhookId, messages: outcome.messages } };
    case "unknown-source":
      return problem(404, "No such source");
    case "too-large":
      return problem(413, "Body too large", { detail: `It may have ${outcome.limitInBytes} bytes.` });
    case "wrong-type":
      return problem(415, "Content type not taken", {
        detail: `Send ${outcome.accepted.join(" or ")}, in UTF-8.`,
        headers: { "accept-post": outcome.accepted.join(", ") },
      });
    case "encoded":
      return problem(415, "Content encoding not taken", {
        detail: "Send the body as it is.",
        headers: { "accept-encoding": "identity" },
      });
    case "not-ready":
      return problem(503, "Source not ready", { headers: { "retry-after": "60" } });
    case "refused":
      return problem(401, "Signature not accepted", { headers: { "www-authenticate": "Webhook-Signature" } });
    case "without-id":
      return problem(400, "No usable webhook id", {
        detail: `${outcome.header} must have 1 to 256 printable characters.`,
      });
    case "conflict":
      return problem(409, "Webhook id used before", { detail: "It came with another body then." });
    case "unreadable":
      return problem(400, "Body not readable", { detail: flaws[outcome.why] });
    case "not-mapped":
      return problem(422, "Body not understood", { detail: `The mapping failed with ${outcome.why}.` });
    case "unfit":
      return problem(422, "Messages not fit", { errors: outcome.problems });
    case "not-taken":
      return problem(503, "Not every message could be taken", {
        detail: "Send the same webhook again: nothing is done twice.",
        headers: { "retry-after": "5" },
      });
  }
}
