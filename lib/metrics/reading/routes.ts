import { type HttpAnswer, type HttpRequest, problem } from "../../http/http.ts";
import { listQueues } from "./list-queues.ts";
import { showNow } from "./show-now.ts";
import { showQueue } from "./show-queue.ts";
import type { Answering, MetricsApiSteps } from "./steps.ts";

/** Each route of the function read-metrics, by the key that it has in serverless.yml. */
export const metricsRoutes: Record<string, Answering> = {
  "GET /metrics/queues": listQueues,
  "GET /metrics/queues/{queueId}": showQueue,
  "GET /metrics/now": showNow,
};

/** The HTTP API of metrics: what the request asks for, by the table of routes. */
export async function answerMetrics(request: HttpRequest, steps: MetricsApiSteps): Promise<HttpAnswer> {
  const answer = metricsRoutes[request.routeKey];
  return answer ? answer(request, steps) : problem(404, "Unknown route");
}
