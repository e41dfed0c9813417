import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { federationOf } from "../../lib/edge/federation.ts";
import { onHttp } from "../../lib/edge/http.ts";
import { count, logger, metrics } from "../../lib/edge/log.ts";
import { securityHeaders } from "../../lib/edge/security-headers.ts";
import { ofFederateUser } from "../../lib/edge/settings/federation.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { type FederationSteps, federateUser } from "../../lib/federation/federate-user.ts";

const settings = settingsOf("federate-user", ofFederateUser);

const steps: FederationSteps = {
  federation: federationOf(settings),
  usernameClaim: settings.FEDERATION_USERNAME_CLAIM,
  tell: (outcome) => count(`federation-${outcome}`),
};

export const handler = middy(onHttp((request) => federateUser(request, steps)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(securityHeaders());
