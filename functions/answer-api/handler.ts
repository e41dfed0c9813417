import { randomUUID } from "node:crypto";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { DynamoRecordReader } from "../../lib/api/record-reader.dynamodb.ts";
import { answerApi } from "../../lib/api/routes.ts";
import type { ApiSteps } from "../../lib/api/steps.ts";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { onHttp } from "../../lib/edge/http.ts";
import { intakeOf } from "../../lib/edge/intake.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { securityHeaders } from "../../lib/edge/security-headers.ts";
import { defaultsOf, ofAnswerApi } from "../../lib/edge/settings/intake.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";

const settings = settingsOf("answer-api", ofAnswerApi);

const steps: ApiSteps = {
  intake: intakeOf(settings),
  records: new DynamoRecordReader(dynamoDb(), settings.CONTACTS_TABLE),
  defaults: defaultsOf(settings),
  now: Date.now,
  newId: randomUUID,
};

export const handler = middy(onHttp((request) => answerApi(request, steps)))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics))
  .use(securityHeaders());
