import type { Dialler } from "../lib/connect/contact-centre.ts";
import type { Contacts } from "../lib/contacts/contacts.ts";
import type { Pacer } from "../lib/pacing/pacer.ts";
import type { World } from "./world.ts";

/** What stands between a story and the outside, made wrong: the simulation has to find it. */
export interface Sabotage {
  contacts?(contacts: Contacts, world: World): Contacts;
  dialler?(dialler: Dialler): Dialler;
  pacer?(pacer: Pacer, world: World): Pacer;
  /** The shell deletes messages as soon as it has received them. */
  deletesFirst?: boolean;
}

/** The usual mistakes of such services, by name. */
export const sabotages = {
  /** Whoever comes late writes over what another worker has claimed since. */
  "no-owner-fence": {
    contacts: (contacts) => changing(contacts, ({ owner, ...change }, now) => contacts.change(change, now)),
  },
  /** As the SDK would by itself. */
  "dial-retried": {
    dialler: (dialler) => ({
      dial: async (order) => {
        const answer = await dialler.dial(order);
        return answer.kind === "unclear" ? dialler.dial(order) : answer;
      },
    }),
  },
  /** As libraries for idempotency do when the function throws. */
  "claim-deleted": {
    contacts: (contacts, world) =>
      changing(contacts, async (change, now) => {
        try {
          return await contacts.change(change, now);
        } catch (error) {
          world.table.records.delete(change.requestId);
          throw error;
        }
      }),
  },
  "lease-forgotten": {
    pacer: (pacer, world) => ({
      ...pacer,
      take: async (leases, horizonMs) => {
        const grant = await pacer.take(leases, horizonMs);
        for (const { lease } of grant.slots.slice(1)) world.pacer.release([{ lease }]);
        return grant;
      },
    }),
  },
  "deleted-first": { deletesFirst: true },
} as const satisfies Record<string, Sabotage>;

export type SabotageName = keyof typeof sabotages;

function changing(contacts: Contacts, change: Contacts["change"]): Contacts {
  return Object.assign(Object.create(contacts) as Contacts, { change });
}
