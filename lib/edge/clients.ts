import { ConnectClient, type ConnectClientConfig } from "@aws-sdk/client-connect";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { dialTimeouts, timeouts, uploadTimeouts } from "./timeouts.ts";

const patient = () => ({ maxAttempts: 3, requestHandler: new NodeHttpHandler(timeouts) });

/**
 * Made when first asked for: nobody waits for a client that is not needed yet.
 * The mark lets a bundle leave out those that its function never asks for.
 */
/* @__NO_SIDE_EFFECTS__ */
function whenNeeded<Client>(make: () => Client): () => Client {
  let made: Client | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export const dynamoDb = whenNeeded(() => new DynamoDBClient(patient()));
export const s3 = whenNeeded(
  () => new S3Client({ ...patient(), requestHandler: new NodeHttpHandler(uploadTimeouts) }),
);
export const sns = whenNeeded(() => new SNSClient(patient()));
export const sqs = whenNeeded(() => new SQSClient(patient()));
export const ssm = whenNeeded(() => new SSMClient(patient()));
export const sts = whenNeeded(() => new STSClient(patient()));
export const connect = whenNeeded(() => new ConnectClient(patient()));
/** One HTTP attempt: where the pacer gives each request its moment, the SDK's own retries would come on top. */
export const connectOnce = whenNeeded(() => new ConnectClient({ ...patient(), maxAttempts: 1 }));

/** With the rights of a session, and not with those of the function. */
export const connectAs = (credentials: NonNullable<ConnectClientConfig["credentials"]>) =>
  new ConnectClient({ ...patient(), credentials });

/** Milliseconds after which a connection that nobody used may have been closed by the other side. */
const trustedIdleMs = 5_000;

/**
 * Exactly one HTTP attempt for each dial. Connections that may have idled for long are forgotten before an invocation:
 * the environment may have been frozen, and a connection that Connect has closed meanwhile would look like a lost reply.
 */
export function connectForDialling() {
  const requestHandler = new NodeHttpHandler(dialTimeouts);
  let lastInvocationAt = 0;
  return {
    client: new ConnectClient({ maxAttempts: 1, requestHandler }),
    forgetIdleConnections: (): void => {
      if (Date.now() - lastInvocationAt > trustedIdleMs) requestHandler.destroy();
      lastInvocationAt = Date.now();
    },
  };
}
