import { afterAll, beforeAll } from "vitest";
import { DynamoContacts } from "../../../lib/contacts/contacts.dynamodb.ts";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { contactsContract } from "../../support/contacts-contract.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

contactsContract(() => new DynamoContacts(dynamoDb(), String(emulators.env["CONTACTS_TABLE"])));
