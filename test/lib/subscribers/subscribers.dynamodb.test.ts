import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoSubscribers } from "../../../lib/subscribers/subscribers.dynamodb.ts";
import { aSubscriber } from "../../support/builders.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { subscribersContract } from "../../support/subscribers-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const table = () => String(emulators.env["SUBSCRIBERS_TABLE"]);
subscribersContract(() => new DynamoSubscribers(dynamoDb(), table()));

it("one record that is not understood stands in nobody else's way", async () => {
  const subscribers = new DynamoSubscribers(dynamoDb(), table());
  await dynamoDb().send(new PutItemCommand({ TableName: table(), Item: { subscriberId: { S: "broken" } } }));
  await subscribers.add(aSubscriber({ subscriberId: "whole" }));
  const looked = await subscribers.look(["broken", "whole"]);
  expect(looked.get("broken")?.status).toBe("disabled");
  expect(looked.get("whole")?.status).toBe("enabled");
  expect(await subscribers.all()).toEqual(expect.arrayContaining([...looked.values()]));
});
