import { isSettled } from "../lib/contacts/contact-states.ts";
import { queueNames } from "./parts/queues.ts";
import type { Asked, AskedUpdate } from "./producers.ts";
import type { World } from "./world.ts";

/** What must be so when nothing is left to happen. */
export function judge(world: World, asked: Asked): void {
  everyRequestIsSettled(world, asked);
  everyChangeWasTold(world, asked);
  attributesAreTheNewest(world, asked);
  nothingIsLeft(world);
}

function everyRequestIsSettled({ table, promises }: World, asked: Asked): void {
  for (const requestId of asked.requests) {
    const record = table.records.get(requestId);
    if (!record) promises.broken("settled", `${requestId} is not on record`);
    else if (!isSettled(record.state)) promises.broken("settled", `${requestId} is still ${record.state}`);
  }
}

function everyChangeWasTold({ table, promises }: World, asked: Asked): void {
  for (const requestId of asked.requests) {
    const record = table.records.get(requestId);
    if (record && !promises.told.has(`${requestId} ${record.revision}`))
      promises.broken(
        "told",
        `nobody was told that ${requestId} is ${record.state} (revision ${record.revision})`,
      );
  }
  for (const { requestId, revision, worker } of promises.revisions)
    if (!worker.disturbed && !promises.told.has(`${requestId} ${revision}`))
      promises.broken(
        "told",
        `revision ${revision} of ${requestId} was not told by ${worker.name}, which nothing befell`,
      );
  for (const requestId of asked.conflicts)
    if (!promises.conflicts.has(requestId))
      promises.broken("told", `nobody was told that ${requestId} came with two contents`);
}

function attributesAreTheNewest(world: World, asked: Asked): void {
  if (asked.updates.length === 0) return;
  for (const contact of world.connect.contacts) {
    const { contactId, requestId, attributes } = contact;
    const record = world.table.records.get(requestId);
    const taken = asked.updates.filter(({ updateId }) => !world.promises.refusedUpdates.has(updateId));
    const ofRequest = taken.filter((update) => update.requestId === requestId);
    const isPresent = record?.contactId === contactId;
    const must = [
      ...taken.filter((update) => update.contactId === contactId),
      ...(isPresent ? ofRequest : []),
    ];
    for (const key of new Set(must.flatMap((update) => Object.keys(update.attributes)))) {
      const newest = must.filter((update) => key in update.attributes).reduce(newer);
      const shown = asked.updates.find(({ updateId }) => updateId === attributes[key]);
      if (!shown || (shown !== newest && newer(shown, newest) === newest))
        world.promises.broken(
          "attributes",
          `${key} of ${contactId} is ${attributes[key]}, and should be ${newest.updateId}`,
        );
    }
  }
}

const newer = (one: AskedUpdate, other: AskedUpdate): AskedUpdate =>
  one.occurredAt > other.occurredAt || (one.occurredAt === other.occurredAt && one.updateId > other.updateId)
    ? one
    : other;

function nothingIsLeft({ queues, pacer, promises, table }: World): void {
  for (const name of queueNames)
    for (const { id } of queues[name].messages) promises.broken("rest", `${id} is still in its queue`);
  for (const lease of Object.keys(pacer.state.leases))
    promises.broken("leases", `the lease ${lease} was never given back`);
  for (const { requestId, untold } of table.records.values())
    if (untold) promises.broken("told", `${requestId} is still to be told`);
}
