import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DynamoContacts } from "../../../lib/contacts/contacts.dynamodb.ts";
import { dynamoDb } from "../../../lib/edge/clients.ts";
import { contactsContract } from "../../support/contacts-contract.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";
import { startHoldingProxy } from "../../support/holding-proxy.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

const table = () => String(emulators.env["CONTACTS_TABLE"]);
contactsContract(() => new DynamoContacts(dynamoDb(), table()));

describe("a write whose answer was lost, and on which another came before it was sent again", () => {
  it("does not know itself again, but says that it was sent more than once", async () => {
    const now = Date.parse("2026-11-24T12:00:00Z");
    const requestId = "lost-and-overtaken";
    const direct = new DynamoContacts(dynamoDb(), table());
    await direct.add({ requestId, requestHash: "h", state: "dialling", attempt: 1, ttl: 2e9 }, now);
    const proxy = await startHoldingProxy(String(emulators.env["AWS_ENDPOINT_URL_DYNAMODB"]));
    const client = new DynamoDBClient({ endpoint: proxy.url });
    try {
      proxy.lose("UpdateItem");
      const again = proxy.hold("UpdateItem", "request");
      const placed = { requestId, to: "placed", attempt: 1, set: { contactId: "c" } } as const;
      const written = new DynamoContacts(client, table()).change(placed, now);
      const held = await again;
      await direct.change({ requestId, to: "placed", amend: true, quietly: true, attempt: 1, set: {} }, now);
      held.letGo();
      expect(await written).toMatchObject({
        kind: "overtaken",
        record: { state: "placed", contactId: "c" },
        repeated: true,
      });
    } finally {
      client.destroy();
      await proxy.stop();
    }
  });
});
