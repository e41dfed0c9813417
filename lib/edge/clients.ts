import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { ConnectClient } from "@aws-sdk/client-connect";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { dialTimeouts, timeouts } from "./timeouts.ts";

const patient = () => ({ maxAttempts: 3, requestHandler: new NodeHttpHandler(timeouts) });

export const dynamoDb = () => new DynamoDBClient(patient());
export const sns = () => new SNSClient(patient());
export const sqs = () => new SQSClient(patient());
export const connect = () => new ConnectClient(patient());

/**
 * Exactly one HTTP attempt for each dial, on a connection of its own: one that was kept and that Connect has closed
 * meanwhile would look like a lost reply.
 */
export const connectForDialling = () =>
  new ConnectClient({
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      ...dialTimeouts,
      httpAgent: new HttpAgent({ keepAlive: false, maxSockets: 50 }),
      httpsAgent: new HttpsAgent({ keepAlive: false, maxSockets: 50 }),
    }),
  });
