import { afterAll, beforeAll } from "vitest";
import { DynamoRecordReader } from "../../../lib/api/record-reader.dynamodb.ts";
import { DynamoContacts } from "../../../lib/contacts/contacts.dynamodb.ts";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { recordReaderContract } from "../../support/record-reader-contract.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

recordReaderContract(() => {
  const table = String(emulators.env["CONTACTS_TABLE"]);
  return {
    contacts: new DynamoContacts(dynamoDb(), table),
    records: new DynamoRecordReader(dynamoDb(), table),
  };
});
