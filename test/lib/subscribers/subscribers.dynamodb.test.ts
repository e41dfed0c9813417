import { afterAll, beforeAll } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoSubscribers } from "../../../lib/subscribers/subscribers.dynamodb.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { subscribersContract } from "../../support/subscribers-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

subscribersContract(() => new DynamoSubscribers(dynamoDb(), String(emulators.env["SUBSCRIBERS_TABLE"])));
