import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { type IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { ConnectClient, StartOutboundVoiceContactCommand } from "@aws-sdk/client-connect";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import type { z } from "zod";
import { callRequest } from "../../../bench/recipe/call-request.ts";
import { settings } from "../../../bench/recipe/settings.ts";

export const connect = new ConnectClient();
export const dynamoDB = new DynamoDB();

const order = callRequest.partial({ requestId: true });
export type Order = z.infer<typeof order>;

export const orderIn = ({ body }: SQSRecord): Order => order.parse(JSON.parse(body));

/** With a token of the request, where it has an id; without one the SDK takes a token of its own for each call. */
export async function placeCall({ requestId, destination, attributes }: Order) {
  const { ContactId } = await connect.send(
    new StartOutboundVoiceContactCommand({
      InstanceId: settings.instanceId,
      ContactFlowId: settings.contactFlowId,
      QueueId: settings.queueId,
      DestinationPhoneNumber: destination,
      ...(attributes && { Attributes: attributes }),
      ...(requestId !== undefined && { ClientToken: `${requestId}#1` }),
    }),
  );
  return { contactId: ContactId ?? null };
}

export const aStore = () =>
  new DynamoDBPersistenceLayer({ tableName: settings.idempotencyTable, awsSdkV3Client: dynamoDB });

const processor = new BatchProcessor(EventType.SQS);

/** Every message of a batch by itself, and only those that fail come again. */
export function onBatch(work: (record: SQSRecord) => Promise<unknown>, config?: IdempotencyConfig) {
  return (event: SQSEvent, context: Context) => {
    config?.registerLambdaContext(context);
    return processPartialResponse(event, work, processor, { context, throwOnFullBatchFailure: false });
  };
}

/** The recipe in one line, for what differs from it in one thing. */
export function onceEach(
  config: IdempotencyConfig,
  work: (order: Order) => Promise<unknown> = placeCall,
  persistenceStore = aStore(),
) {
  return makeIdempotent(work, { config, persistenceStore });
}
