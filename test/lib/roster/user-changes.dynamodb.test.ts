import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoChangeReader } from "../../../lib/roster/change-reader.dynamodb.ts";
import { DynamoUserChanges } from "../../../lib/roster/user-changes.dynamodb.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { userChangesContract } from "../../support/user-changes-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const table = () => String(emulators.env["USER_CHANGES_TABLE"]);
const keepMs = 400 * 86_400_000;

userChangesContract((now) => ({
  changes: new DynamoUserChanges(dynamoDb(), table(), keepMs, now),
  reader: new DynamoChangeReader(dynamoDb(), table()),
}));

it("is kept for as long as the setting says", async () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  const changes = new DynamoUserChanges(dynamoDb(), table(), keepMs, () => now);
  const order = "1".padStart(40, "0");
  await changes.settle({ username: "kept", order, commandId: "c-1" }, { kind: "done" });
  const Key = { username: { S: "kept" }, order: { S: order } };
  const { Item } = await dynamoDb().send(new GetItemCommand({ TableName: table(), Key }));
  expect(Item?.["expiresAt"]).toEqual({ N: String((now + keepMs) / 1000) });
});
