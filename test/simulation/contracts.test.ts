import { describe, expect, it } from "vitest";
import { ContactsTable } from "../../simulation/parts/contacts-table.ts";
import { PacerItem } from "../../simulation/parts/pacer-item.ts";
import { RateItem } from "../../simulation/parts/rate-item.ts";
import { pacerOf, RemoteContacts, rateOf } from "../../simulation/tables.ts";
import { Worker } from "../../simulation/worker.ts";
import { World } from "../../simulation/world.ts";
import { contactsContract } from "../support/contacts-contract.ts";
import { pacerContract } from "../support/pacer-contract.ts";
import { rateContract } from "../support/rate-contract.ts";

/** A world without faults, in which things happen as soon as somebody waits for them. */
function aCalmWorld(): World {
  const world = new World(1, { tokenRule: "none", sabotage: {}, traced: false });
  world.faultsEndAt = 0;
  const schedule = world.clock.at.bind(world.clock);
  world.clock.at = (at, happen) => {
    schedule(at, happen);
    setImmediate(() => world.clock.next());
  };
  return world;
}

const aWorker = (world: World) => new Worker(world, "contract", Number.POSITIVE_INFINITY);

describe("the table of the simulation, as a worker reaches it", () => {
  contactsContract(() => {
    const world = aCalmWorld();
    return new RemoteContacts(world, aWorker(world));
  });
});

describe("the pacer of the simulation, as a worker reaches it", () => {
  pacerContract((pace, now) => {
    const world = aCalmWorld();
    const pacer = new PacerItem(pace, now);
    return () => pacerOf(Object.assign(world, { pacer }), aWorker(world));
  });
});

describe("a limit of the simulation, as a worker reaches it", () => {
  const items = new Map<string, RateItem>();
  rateContract((name, rate, now) => {
    const world = aCalmWorld();
    const item = items.get(name) ?? new RateItem(rate, now);
    items.set(name, item);
    return rateOf(world, aWorker(world), item);
  });
});

describe("a write that is sent twice", () => {
  const first = { requestId: "r-1", requestHash: "h", state: "dialling", attempt: 1, ttl: 1 } as const;

  it("meets itself, and is a success", () => {
    const table = new ContactsTable();
    table.add(first, 0, "w-1");
    expect(table.add(first, 0, "w-1")).toMatchObject({ kind: "written", record: { revision: 1 } });
    const change = { requestId: "r-1", to: "placed", attempt: 1 } as const;
    table.change(change, 0, "w-2");
    expect(table.change(change, 0, "w-2")).toMatchObject({ kind: "written", record: { revision: 2 } });
  });

  it("finds what has come in between", () => {
    const table = new ContactsTable();
    table.add(first, 0, "w-1");
    table.change({ requestId: "r-1", to: "placed", attempt: 1 }, 0, "w-2");
    expect(table.add(first, 0, "w-1")).toMatchObject({ kind: "overtaken", record: { state: "placed" } });
  });
});
