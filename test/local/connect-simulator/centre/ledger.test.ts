import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { books } from "../../../../local/connect-simulator/centre/books.ts";
import { interval, quarter } from "../../../../local/connect-simulator/centre/ledger.ts";
import { type Journal, noJournal, openJournal } from "../../../../local/connect-simulator/journal.ts";
import { midnight } from "./any-day.ts";

const begin = midnight.getTime();
const hour = 3_600_000;
const day = 24 * hour;
const contact = { queueId: "sales", channel: "VOICE", initiationMethod: "INBOUND" } as const;

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "connect-simulator-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const aLedger = (journal: Journal = noJournal, now = begin) => books(journal, "instance", now);
type Ledger = ReturnType<typeof aLedger>;

const byTime = (ledger: Ledger) => [...ledger.all()].sort((a, b) => a.start - b.start);
const startsOf = (ledger: Ledger) => byTime(ledger).map(({ start }) => (start - begin) / interval);
const queuedBetween = (ledger: Ledger, start: number, end: number) =>
  ledger.between("sales", start, end).reduce((count, { queued }) => count + queued, 0);

describe("the books", () => {
  it("are of five minutes for two days, and of quarters of an hour after that", () => {
    const ledger = aLedger();
    for (const minutes of [0, 5, 10, 15, 40]) ledger.enter(contact, begin + minutes * 60_000).queued += 1;
    ledger.enter(contact, begin + 48 * hour - 1);
    expect(startsOf(ledger).slice(0, 5)).toEqual([0, 1, 2, 3, 8]);

    ledger.enter(contact, begin + 50 * hour);
    expect(startsOf(ledger).slice(0, 3)).toEqual([0, 3, 6]);
    expect(byTime(ledger).slice(0, 3)).toMatchObject([{ queued: 3 }, { queued: 1 }, { queued: 1 }]);
  });

  it("are merged with all that is in them", () => {
    const ledger = aLedger();
    for (const [at, wait] of [
      [begin, 9_000],
      [begin + interval, 4_000],
    ] as const) {
      const book = ledger.enter(contact, at);
      book.created += 1;
      book.longestWaitMs = wait;
      book.abandonMs += wait;
      book.disconnected["CUSTOMER_DISCONNECT"] = 2;
      book.handledUntil[`BY_${at === begin}`] = 1;
      book.waits.answered[4] = 1;
      book.waits.callback[wait / 1_000] = 1;
      ledger.addContactTime(contact, "profile", at, at + 1_000);
      ledger.addIdleTime("profile", at, at + 2_000);
    }
    ledger.enter(contact, begin + 60 * hour);

    expect(ledger.between("sales", begin, begin + quarter)).toMatchObject([
      {
        start: begin,
        created: 2,
        longestWaitMs: 9_000,
        abandonMs: 13_000,
        contactMs: 2_000,
        disconnected: { CUSTOMER_DISCONNECT: 4 },
        handledUntil: { BY_true: 1, BY_false: 1 },
        waits: { answered: { 4: 2 }, abandoned: {}, callback: { 4: 1, 9: 1 } },
      },
    ]);
    expect(ledger.timeBetween("profile", begin, begin + quarter)).toEqual({
      idleMs: 4_000,
      contactMs: 2_000,
    });
  });

  it("of queues, channels and initiation methods stay apart", () => {
    const ledger = aLedger();
    const others = [
      { ...contact, channel: "CHAT" as const },
      { ...contact, initiationMethod: "API" as const },
    ];
    for (const one of [contact, ...others]) {
      ledger.enter(one, begin).queued += 1;
      ledger.enter(one, begin + interval).queued += 1;
    }
    ledger.enter({ ...contact, queueId: "support" }, begin).queued += 5;
    ledger.enter(contact, begin + 60 * hour);
    expect(ledger.between("sales", begin, begin + quarter).map(({ queued }) => queued)).toEqual([2, 2, 2]);
  });

  it("take what is known late, into whatever interval there is by then", () => {
    const ledger = aLedger();
    ledger.enter(contact, begin + interval).queued += 1;
    ledger.enter(contact, begin + 60 * hour);
    ledger.enter(contact, begin + 2 * interval).queued += 1;
    expect(ledger.between("sales", begin, begin + quarter)).toMatchObject([{ start: begin, queued: 2 }]);
  });

  it("are there for three months, and not much longer", () => {
    const ledger = aLedger();
    ledger.enter(contact, begin).queued += 1;
    ledger.enter(contact, begin + 92 * day);
    expect(queuedBetween(ledger, begin, begin + day)).toBe(1);
    ledger.enter(contact, begin + 94 * day);
    expect(queuedBetween(ledger, begin, begin + day)).toBe(0);
  });

  it("lose and invent nothing, whenever they are written and wherever the process is killed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ hours: fc.nat(20), minutes: fc.nat(59), killed: fc.boolean() }), {
          minLength: 1,
          maxLength: 30,
        }),
        (steps) => {
          const directory = mkdtempSync(join(tmpdir(), "connect-simulator-"));
          try {
            let now = begin;
            let journal = openJournal(directory);
            let ledger = aLedger(journal, now);
            for (const { hours, minutes, killed } of steps) {
              now += hours * hour + minutes * 60_000;
              ledger.enter(contact, now).queued += 1;
              journal.commit(now);
              if (!killed) continue;
              journal = openJournal(directory);
              ledger = aLedger(journal, journal.foundNow ?? 0);
            }
            expect(queuedBetween(ledger, begin, now + interval)).toBe(steps.length);
            const [first, second] = [begin, now + interval].map((at) => Math.ceil(at / quarter) * quarter);
            const middle = Math.floor(((first ?? 0) + (second ?? 0)) / 2 / quarter) * quarter;
            expect(queuedBetween(ledger, begin, middle) + queuedBetween(ledger, middle, now + interval)).toBe(
              steps.length,
            );
          } finally {
            rmSync(directory, { recursive: true });
          }
        },
      ),
      { numRuns: 60, seed: 20261126 },
    );
  });

  it("that a restart finds late are merged before anybody asks", () => {
    const directory = aDirectory();
    const journal = openJournal(directory);
    const before = aLedger(journal);
    for (const at of [begin, begin + interval]) before.enter(contact, at).queued += 1;
    journal.close(begin + hour);

    const again = openJournal(directory);
    const after = aLedger(again, begin + 60 * hour);
    expect(startsOf(after)).toEqual([0]);
    again.close(begin + 60 * hour);
    expect(openJournal(directory).found("queueBook")).toMatchObject([{ queued: 2 }]);
  });
});
