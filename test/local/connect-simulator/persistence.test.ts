import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { contactStore } from "../../../local/connect-simulator/centre/contact-store.ts";
import { openJournal } from "../../../local/connect-simulator/journal.ts";
import { aCentre, minutes } from "./support.ts";

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "connect-simulator-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

describe("with a data directory", () => {
  it("calls in flight go on after a restart, at the time where they were", async () => {
    const dataDir = aDirectory();
    const before = await aCentre({ dataDir });
    const contactId = await before.call({ ClientToken: "t-1", Attributes: { a: "1" } });
    await before.advance(3);
    const { now } = before.simulator.clockReading();
    await before.simulator.stop();

    const after = await aCentre({ dataDir });
    expect(after.simulator.clockReading().now).toBe(now);
    expect(after.simulator.contacts()).toEqual(before.simulator.contacts());
    expect(await after.call({ ClientToken: "t-1" })).toBe(contactId);
    await after.advance(minutes(5));
    expect([...before.eventTypes(contactId), ...after.eventTypes(contactId)]).toHaveLength(6);
    expect(after.records).toHaveLength(1);
  });

  it("what a killed process wrote is there, up to half a last line", async () => {
    const dataDir = aDirectory();
    const before = await aCentre({ dataDir });
    const contactId = await before.call();
    // Not stopped: its file is read as a kill would leave it.
    appendFileSync(join(dataDir, "centre.jsonl"), '{"now":17');

    for (const _ of ["first", "second"]) {
      const after = await aCentre({ dataDir });
      expect(after.simulator.contacts().map((contact) => contact.contactId)).toEqual([contactId]);
      await after.simulator.stop();
    }
  });

  it("a call that was due while the simulator was down ended when it was due", async () => {
    const dataDir = aDirectory();
    const startAt = new Date("2026-01-01T00:00:00Z");
    const before = await aCentre({ dataDir, startAt });
    await before.call();
    await before.simulator.stop();

    const after = await aCentre({ dataDir, speed: 1 });
    await expect.poll(() => after.simulator.contacts()[0]?.state).toBe("COMPLETED");
    expect(after.simulator.contacts()[0]?.disconnectedAt).toMatch(/^2026-01-01T00:0/);
  });

  it("a record that nobody received is sent again after a restart", async () => {
    const dataDir = aDirectory();
    const before = await aCentre({ dataDir, deliverRecord: () => new Promise(() => {}) });
    const contactId = await before.call({ DestinationPhoneNumber: "+12065550150" });
    // The receiver never answers, so neither would the clock.
    void before.advance(minutes(5));
    await before.simulator.stop();

    const after = await aCentre({ dataDir });
    await expect.poll(() => after.records).toMatchObject([{ ContactId: contactId }]);
  });

  it("a reset leaves nothing behind", async () => {
    const dataDir = aDirectory();
    const before = await aCentre({ dataDir });
    await before.call();
    before.simulator.reset();
    await before.simulator.stop();
    const after = await aCentre({ dataDir });
    expect(after.simulator.contacts()).toEqual([]);
  });

  it("damage in the middle of the file is an error, not a loss", async () => {
    const dataDir = aDirectory();
    writeFileSync(join(dataDir, "centre.jsonl"), 'nonsense\n{"now":1}\n');
    await expect(aCentre({ dataDir })).rejects.toThrow(/line 1, is damaged/);
  });

  it("the file stays in proportion to the contacts", async () => {
    const dataDir = aDirectory();
    const centre = await aCentre({ dataDir });
    await centre.call();
    await centre.simulator.stop();
    const journal = openJournal(dataDir, 10_000);
    const store = contactStore(journal);
    const [contact] = [...store.all()];
    if (contact === undefined) throw new Error("the contact is lost");
    for (let change = 0; change < 10_002; change += 1) {
      store.save(contact);
      journal.commit(change);
    }
    journal.close(10_002);
    expect(readFileSync(join(dataDir, "centre.jsonl"), "utf8").split("\n").length).toBeLessThan(100);
  });

  it("the oldest finished contacts are forgotten beyond what is kept", async () => {
    const dataDir = aDirectory();
    const centre = await aCentre({ dataDir });
    for (let call = 0; call < 3; call += 1) await centre.call({ DestinationPhoneNumber: "+12065550150" });
    await centre.advance(minutes(5));
    await centre.call();
    await centre.simulator.stop();
    const journal = openJournal(dataDir);
    const store = contactStore(journal, 3);
    const [first, second, third, live] = [...store.all()];
    if (live === undefined) throw new Error("a contact is lost");
    store.save(live);
    journal.close(0);
    expect([...store.all()]).toEqual([second, third, live]);
    expect(openJournal(dataDir).found("contact")).not.toContainEqual(first);
  });
});
