import { expect, it } from "vitest";
import { iso } from "../../../lib/contacts/contacts.ts";
import { aCallRequest, minutes } from "../../support/builders.ts";
import { anEvent, World } from "../../support/world.ts";

it("counts the wait before a retry from now where Connect's clock is ahead", async () => {
  const world = new World();
  await world.startOne(aCallRequest({ retry: { attempts: 2, after: { busy: "PT5M" } } }));
  const disconnectTimestamp = iso(world.time + minutes(60));
  await world.track(
    anEvent("DISCONNECTED", "contact-1", { disconnectReason: "TELECOM_BUSY", disconnectTimestamp }),
  );
  await world.release();
  expect((await world.record("r-1")).dueAt).toBe(iso(world.time + minutes(5)));
});
