import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { logMetrics } from "@aws-lambda-powertools/metrics/middleware";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import { ConnectClient, StartOutboundVoiceContactCommand } from "@aws-sdk/client-connect";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import middy from "@middy/core";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { type CallRequest, callRequest } from "./call-request.ts";
import { slotQueue } from "./limiter.ts";
import { settings } from "./settings.ts";

const logger = new Logger();
const metrics = new Metrics();
const tracer = new Tracer();
const connect = tracer.captureAWSv3Client(new ConnectClient());
const dynamoDB = tracer.captureAWSv3Client(new DynamoDB());

const slots = slotQueue(dynamoDB, settings);
const processor = new BatchProcessor(EventType.SQS);
const idempotency = new IdempotencyConfig({
  eventKeyJmesPath: "requestId",
  throwOnNoIdempotencyKey: true,
  expiresAfterSeconds: 14 * 86_400,
});

const placeCall = makeIdempotent(
  async (request: CallRequest, deadline: number) => {
    await slots.next(deadline);
    const { ContactId } = await connect.send(
      new StartOutboundVoiceContactCommand({
        InstanceId: settings.instanceId,
        ContactFlowId: request.contactFlowId ?? settings.contactFlowId,
        QueueId: request.queueId ?? settings.queueId,
        DestinationPhoneNumber: request.destination,
        Attributes: { ...request.attributes, requestId: request.requestId },
        ClientToken: `${request.requestId}#1`,
      }),
    );
    metrics.addMetric("CallPlaced", MetricUnit.Count, 1);
    logger.info("call placed", { requestId: request.requestId, contactId: ContactId });
    return { contactId: ContactId ?? null };
  },
  {
    config: idempotency,
    persistenceStore: new DynamoDBPersistenceLayer({
      tableName: settings.idempotencyTable,
      awsSdkV3Client: dynamoDB,
    }),
  },
);

async function startContacts(event: SQSEvent, context: Context) {
  idempotency.registerLambdaContext(context);
  const deadline = Date.now() + context.getRemainingTimeInMillis() - settings.reserveMs;
  const startContact = (record: SQSRecord) => placeCall(callRequest.parse(JSON.parse(record.body)), deadline);
  return processPartialResponse(event, startContact, processor, { context, throwOnFullBatchFailure: false });
}

export const handler = middy(startContacts)
  .use(captureLambdaHandler(tracer))
  .use(injectLambdaContext(logger))
  .use(logMetrics(metrics));
