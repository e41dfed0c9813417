import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoScimUsers } from "../../../lib/scim/scim-users.dynamodb.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { scimUsersContract } from "../../support/scim-users-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

scimUsersContract(async () => {
  const TableName = String(emulators.env["SCIM_USERS_TABLE"]);
  const { Items = [] } = await dynamoDb().send(new ScanCommand({ TableName }));
  for (const { userKey } of Items)
    if (userKey) await dynamoDb().send(new DeleteItemCommand({ TableName, Key: { userKey } }));
  return new DynamoScimUsers(dynamoDb(), TableName);
});
