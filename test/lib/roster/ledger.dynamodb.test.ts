import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { DynamoLedger } from "../../../lib/roster/ledger.dynamodb.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { ledgerContract } from "../../support/ledger-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());
beforeEach(async () => {
  for (const username of ["ana", "bo"])
    await dynamoDb().send(
      new DeleteItemCommand({ TableName: emulators.env["ROSTER_TABLE"], Key: { username: { S: username } } }),
    );
});

ledgerContract((now) => new DynamoLedger(dynamoDb(), String(emulators.env["ROSTER_TABLE"]), now));
