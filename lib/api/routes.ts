import { type HttpAnswer, type HttpRequest, problem } from "../http/http.ts";
import { listRequests } from "./list-requests.ts";
import { requestCalls } from "./request-calls.ts";
import { stopCampaign, stopRequest } from "./request-stop.ts";
import { setAttributes } from "./set-attributes.ts";
import { showRequest } from "./show-request.ts";
import type { Answering, ApiSteps } from "./steps.ts";

/** Each route of the function answer-api, by the key that it has in serverless.yml. */
export const routes: Record<string, { answer: Answering; takesQuery?: true }> = {
  "POST /call-requests": { answer: requestCalls },
  "GET /call-requests": { answer: listRequests, takesQuery: true },
  "GET /call-requests/{requestId}": { answer: showRequest },
  "POST /call-requests/{requestId}/stop": { answer: stopRequest },
  "PATCH /call-requests/{requestId}/attributes": { answer: setAttributes },
  "POST /campaigns/{campaignId}/stop": { answer: stopCampaign },
};

/** The HTTP API: what the request asks for, by the table of routes. */
export async function answerApi(request: HttpRequest, steps: ApiSteps): Promise<HttpAnswer> {
  const route = routes[request.routeKey];
  if (!route) return problem(404, "Unknown route");
  if (!route.takesQuery && Object.keys(request.query).length > 0)
    return problem(400, "Bad query", { detail: "This route takes no query parameters." });
  return route.answer(request, steps);
}
