import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { dynamoDb, sqs, ssm } from "../../lib/edge/clients.ts";
import { count, logger, metrics } from "../../lib/edge/log.ts";
import { parametersOf } from "../../lib/edge/parameters.ts";
import { destinationRulesOf, ofDeliverNotice, retryScheduleOf } from "../../lib/edge/settings/deliveries.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { deliveryTimeoutMs } from "../../lib/edge/timeouts.ts";
import { afterDelivery, type DeliverSteps, deliverNotices } from "../../lib/subscribers/deliver-notice.ts";
import { SqsNoticeDeliveries } from "../../lib/subscribers/notice-deliveries.sqs.ts";
import { HttpsPoster } from "../../lib/subscribers/poster.https.ts";
import { secretsIn, userAgentOf } from "../../lib/subscribers/signature.ts";
import { DynamoSubscribers } from "../../lib/subscribers/subscribers.dynamodb.ts";

const settings = settingsOf("deliver-notice", ofDeliverNotice);
const parameters = parametersOf(ssm());

const steps: DeliverSteps = {
  subscribers: new DynamoSubscribers(dynamoDb(), settings.SUBSCRIBERS_TABLE),
  secretsOf: async (id) => secretsIn(await parameters.get(`${settings.SUBSCRIBER_SECRETS_PATH}/${id}`)),
  poster: new HttpsPoster({ timeoutMs: deliveryTimeoutMs, now: Date.now }),
  queue: new SqsNoticeDeliveries(sqs, settings.NOTICE_DELIVERIES_QUEUE_URL, Date.now),
  deadLetters: new SqsDeadLetters(sqs, settings.NOTICE_DELIVERIES_DLQ_URL),
  report: (subscriberId, reason) => {
    count("subscriberDisabled");
    logger.error("A subscriber was switched off", { subscriberId, reason });
  },
  now: Date.now,
  random: Math.random,
  schedule: retryScheduleOf(settings),
  rules: destinationRulesOf(settings),
  userAgent: userAgentOf(settings.SERVICE_VERSION),
};

export const handler = middy(onSqs((messages) => deliverNotices(messages, steps), afterDelivery))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
