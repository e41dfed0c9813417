import { setTimeout as sleep } from "node:timers/promises";
import type { Deployment, Template } from "../cloudformation.ts";
import type { Invocation } from "../execution-environment.ts";
import { all, nameIn } from "../properties.ts";
import type { Authorizer } from "./authorizer.ts";
import { authorizersOf } from "./authorizers.ts";
import { corsOf } from "./cors.ts";
import { type GatewayAnswer, internalError, notFound, tooMany, unavailable } from "./gateway-answer.ts";
import type { GatewayRequest } from "./gateway-request.ts";
import { proxyAnswer } from "./proxy-answer.ts";
import { proxyEvent } from "./proxy-event.ts";
import { router } from "./routes.ts";
import { limitsOf, tokenBucket } from "./throttle.ts";

/** Answers a request that has come in full. Never throws. */
export type HttpApi = (request: GatewayRequest) => Promise<GatewayAnswer>;

interface Route {
  routeKey: string;
  functionName: string;
  timeoutMs: number;
  authorize: Authorizer;
  mayPass: () => boolean;
}

interface Steps {
  invoke(functionName: string, event: unknown): Promise<Invocation>;
  warn(message: string): void;
}

/** Told before the template is evaluated, for which the API's URL has to be known. */
export const hasHttpApi = ({ Resources }: Template): boolean =>
  Object.values(Resources).some(({ Type }) => Type === "AWS::ApiGatewayV2::Api");

/**
 * The HTTP API of the template.
 * @throws Error naming what of it is not understood
 */
export function httpApiOf(deployment: Deployment, { invoke, warn }: Steps): HttpApi | undefined {
  const [api, ...others] = all(deployment, "AWS::ApiGatewayV2::Api");
  if (others.length > 0) throw new Error("The local stack runs one HTTP API, and the template has several");
  if (!api) return undefined;
  const { logicalId: apiId } = api;
  const route = router(routesOf(deployment));
  const cors = corsOf(api.properties.CorsConfiguration);

  async function answerTo(request: GatewayRequest): Promise<GatewayAnswer> {
    const match = route(request.method, request.path);
    if (!match) return notFound();
    const { routeKey, functionName, timeoutMs, authorize, mayPass } = match.route;
    if (!mayPass()) return tooMany();
    const decision = await authorize(request);
    if (decision.kind === "refused") return decision.answer;
    const { pathParameters } = match;
    const { authorizer } = decision;
    const event = proxyEvent(request, { apiId, routeKey, pathParameters, authorizer });
    const invocation = await within(timeoutMs, invoke(functionName, event));
    if (invocation === "late") return unavailable();
    if (invocation.kind !== "result") warn(`${functionName} ${invocation.kind}, invoked by ${routeKey}`);
    return proxyAnswer(invocation);
  }

  return async (request) => {
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    const answer = await answerTo(request).catch((error: unknown) => {
      warn(`The HTTP API failed: ${error instanceof Error ? error.stack : String(error)}`);
      return internalError();
    });
    return cors.dress(request, answer);
  };
}

function routesOf(deployment: Deployment): Route[] {
  const integrations = all(deployment, "AWS::ApiGatewayV2::Integration");
  const authorizerOf = authorizersOf(deployment);
  const limitOf = limitsOf(deployment);
  return all(deployment, "AWS::ApiGatewayV2::Route").map((route) => {
    const { RouteKey: routeKey, Target } = route.properties;
    const integration = integrations.find(({ logicalId }) => Target === `integrations/${logicalId}`);
    if (!integration) throw new Error(`${route.logicalId}: there is no integration ${Target}`);
    const { IntegrationUri, TimeoutInMillis: timeoutMs } = integration.properties;
    const limit = limitOf(routeKey);
    return {
      routeKey,
      functionName: nameIn(IntegrationUri),
      timeoutMs,
      authorize: authorizerOf(route),
      mayPass: limit ? tokenBucket(limit, () => performance.now()) : () => true,
    };
  });
}

/** The function is not told: as on AWS it goes on, and nobody hears of what it returns. */
async function within(ms: number, work: Promise<Invocation>): Promise<Invocation | "late"> {
  const over = new AbortController();
  const late = sleep(ms, "late" as const, { signal: over.signal, ref: false }).catch(() => "late" as const);
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}
