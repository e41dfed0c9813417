import { type AcceptSteps, acceptWebhook, type Outcome } from "../webhooks/accept-webhook.ts";
import { answerTo } from "../webhooks/answer.ts";
import { onHttp } from "./http.ts";
import { count, logger } from "./log.ts";

/** The function of the webhooks' route: what came of each is logged and counted. */
export const onWebhook = (steps: AcceptSteps) =>
  onHttp(async (request) => {
    const outcome = await acceptWebhook(request, steps);
    count(`webhook-${outcome.kind}`);
    report(outcome, request.pathParameters["source"]);
    return answerTo(outcome);
  });

/** Ids and closed words only: a problem may name a field as its sender does. */
function report(outcome: Outcome, source: string | undefined): void {
  const { kind, why, webhookId, messages, problems } = outcome as { kind: string } & Partial<
    Record<string, unknown>
  >;
  const line = {
    result: kind,
    ...(kind !== "unknown-source" && { source }),
    ...(why !== undefined && { why }),
    ...(webhookId !== undefined && { webhookId }),
    ...(Array.isArray(messages) && { messages }),
    ...(Array.isArray(problems) && { problems: problems.length }),
  };
  if (kind === "not-ready") logger.error("A source has no usable secret", line);
  else logger.info("A webhook was dealt with", line);
}
