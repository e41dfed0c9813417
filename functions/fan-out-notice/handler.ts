import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import middy from "@middy/core";
import { SqsDeadLetters } from "../../lib/contacts/dead-letters.sqs.ts";
import { dynamoDb, sqs } from "../../lib/edge/clients.ts";
import { logger, metrics } from "../../lib/edge/log.ts";
import { ofFanOutNotice } from "../../lib/edge/settings/deliveries.ts";
import { settingsOf } from "../../lib/edge/settings/settings.ts";
import { onSqs } from "../../lib/edge/sqs.ts";
import { afterFanOut, type FanOutSteps, fanOutNotices } from "../../lib/subscribers/fan-out-notice.ts";
import { SqsNoticeDeliveries } from "../../lib/subscribers/notice-deliveries.sqs.ts";
import { rememberedFor } from "../../lib/subscribers/remembered.ts";
import { DynamoSubscribers } from "../../lib/subscribers/subscribers.dynamodb.ts";

const settings = settingsOf("fan-out-notice", ofFanOutNotice);
const subscribers = new DynamoSubscribers(dynamoDb(), settings.SUBSCRIBERS_TABLE);

const steps: FanOutSteps = {
  subscribers: rememberedFor(30_000, () => subscribers.all(), Date.now),
  queue: new SqsNoticeDeliveries(sqs, settings.NOTICE_DELIVERIES_QUEUE_URL, Date.now),
  deadLetters: new SqsDeadLetters(sqs, settings.NOTICES_DLQ_URL),
  now: Date.now,
};

export const handler = middy(onSqs((messages) => fanOutNotices(messages, steps), afterFanOut))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
