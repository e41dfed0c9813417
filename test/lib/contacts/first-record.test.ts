import { expect, it } from "vitest";
import type { Contacts } from "../../../lib/contacts/contacts.ts";
import { addFirst } from "../../../lib/contacts/first-record.ts";
import { valuesOf } from "../../../lib/contacts/kept-updates.ts";
import { noteUpdates } from "../../../lib/contacts/note-updates.ts";
import { somePatience } from "../../support/builders.ts";
import { ContactsInMemory } from "../../support/contacts-in-memory.ts";

it("keeps an update that comes while the request is laid over those before it", async () => {
  const inMemory = new ContactsInMemory();
  const steps = { contacts: inMemory, now: () => 0, patience: somePatience };
  const update = (key: string) =>
    noteUpdates(
      "r-1",
      [
        {
          updateId: key,
          requestId: "r-1",
          attributes: { [key]: "1" },
          occurredAt: "2026-11-24T11:00:00.000Z",
        },
      ],
      steps,
    );
  await update("before");
  let overtaken = 0;
  const contacts: Contacts = Object.assign(Object.create(inMemory), {
    add: async (...args: Parameters<Contacts["add"]>) => {
      const written = await inMemory.add(...args);
      overtaken += 1;
      await update("meanwhile");
      return written;
    },
  });

  const first = {
    requestId: "r-1",
    requestHash: "h",
    request: "{}",
    state: "dialling",
    attempt: 1,
    ttl: 1,
  } as const;
  const written = await addFirst(first, { ...steps, contacts });

  expect(overtaken).toBe(1);
  expect(written).toMatchObject({ kind: "written", record: { state: "dialling", requestHash: "h" } });
  expect(valuesOf(written.record?.attributeUpdates)).toEqual({ before: "1", meanwhile: "1" });
});
