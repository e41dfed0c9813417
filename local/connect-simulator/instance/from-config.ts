import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { books } from "../centre/books.ts";
import type { Contact } from "../centre/contact.ts";
import { available, floor } from "../centre/floor.ts";
import type { InstanceConfig } from "../config/centre-config.ts";
import {
  defaultContactFlowId,
  defaultInstanceId,
  defaultPhoneNumber,
  defaultQueueId,
  defaultUsers,
} from "../defaults.ts";
import type { Journal } from "../journal.ts";
import { bringHierarchy } from "./hierarchy.ts";
import { idOf, named } from "./ids.ts";
import type { Instance, Named, Queue } from "./instance.ts";
import { placeOf } from "./place.ts";
import { type Table, table } from "./table.ts";
import { users } from "./users.ts";
import { bringUsers } from "./users-from-config.ts";

type Surroundings = {
  region: string;
  accountId: string;
  journal: Journal;
  contacts: Iterable<Contact>;
  /** Simulated milliseconds. */
  now: number;
};

/** One instance, as the configuration describes it and as the journal found it. */
export function instanceFrom(config: InstanceConfig, index: number, around: Surroundings): Instance {
  const { region, accountId, journal, contacts, now } = around;
  const alias = config.alias ?? (index === 0 ? "simulated" : `simulated-${index + 1}`);
  const id = config.id ?? (index === 0 ? defaultInstanceId : idOf(accountId, region, "instance", alias));
  const place = placeOf({ region, accountId, instanceId: id });
  const journaled = journal.found<{ id: string; createdAt: number }>("instance").find((one) => one.id === id);
  const createdAt = journaled?.createdAt ?? now;
  journal.put("instance", id, { id, createdAt });

  function tableOf<Config extends { name: string; id?: string | undefined }, Row extends Named>(
    kind: string,
    configs: readonly Config[],
    rest: (config: Config) => Omit<Row, keyof Named>,
  ): Table<Row> {
    const rows = table<Row>();
    for (const one of configs) {
      if ([...rows.all()].some(({ name }) => name === one.name)) {
        throw new Error(`instance ${alias}: there are two ${kind}s named ${one.name}`);
      }
      const named = {
        id: one.id ?? idOf(id, kind, one.name),
        ordinal: rows.nextOrdinal(),
        name: one.name,
        modifiedAt: createdAt,
      };
      if (rows.get(named.id))
        throw new Error(`instance ${alias}: there are two ${kind}s with the id ${named.id}`);
      rows.put({ ...named, ...rest(one) } as Row);
    }
    return rows;
  }

  const queues = tableOf<NonNullable<InstanceConfig["queues"]>[number], Queue>(
    "queue",
    config.queues ?? [{ name: "BasicQueue", id: defaultQueueId }],
    (queue) => ({
      type: "STANDARD",
      phoneNumber: "phoneNumber" in queue ? (queue.phoneNumber ?? null) : null,
    }),
  );
  const queueNamed = (name: string) => named(queues, name, `instance ${alias}: there is no queue ${name}`).id;

  const routingProfiles = tableOf(
    "routing profile",
    config.routingProfiles ?? [
      {
        name: "Basic Routing Profile",
        channels: ["VOICE", "CHAT", "TASK", "EMAIL"] as const,
        queues: [...queues.all()].map(({ name }) => ({ queue: name, priority: 1 })),
      },
    ],
    (profile) => ({
      channels: profile.channels,
      queues: profile.queues.map(({ queue, priority }) => ({ queueId: queueNamed(queue), priority })),
    }),
  ) as Instance["routingProfiles"];

  const phoneNumbers: Instance["phoneNumbers"] = table();
  for (const one of config.phoneNumbers ?? [{ number: defaultPhoneNumber, type: "DID" as const }]) {
    phoneNumbers.put({
      id: ("id" in one ? one.id : undefined) ?? idOf(id, "phone number", one.number),
      ordinal: phoneNumbers.nextOrdinal(),
      number: one.number,
      countryCode: parsePhoneNumberFromString(one.number)?.country ?? "US",
      type: one.type,
    });
  }

  const ledger = books(journal, id, now);
  const instance: Instance = {
    id,
    place,
    alias,
    identityManagementType: config.identityManagementType,
    inboundCallsEnabled: config.inboundCallsEnabled,
    outboundCallsEnabled: config.outboundCallsEnabled,
    passive: config.passive,
    createdAt,
    isNew: journaled === undefined,
    limits: config.limits,
    phoneNumbers,
    contactFlows: tableOf(
      "contact flow",
      config.contactFlows ?? [{ name: "Outbound", id: defaultContactFlowId }],
      (flow) => ({
        type: ("type" in flow ? flow.type : undefined) ?? "CONTACT_FLOW",
        state: ("state" in flow ? flow.state : undefined) ?? "ACTIVE",
        published: ("published" in flow ? flow.published : undefined) ?? true,
      }),
    ) as Instance["contactFlows"],
    queues,
    routingProfiles,
    securityProfiles: tableOf(
      "security profile",
      config.securityProfiles ??
        ["Admin", "Agent", "CallCenterManager", "QualityAnalyst"].map((name) => ({ name })),
      () => ({}),
    ),
    hierarchyGroups: table(),
    levels: [],
    users: users(id, journal),
    agentStatuses: [available, ...config.agentStatuses].map((name, ordinal) => ({
      id: idOf(id, "agent status", name),
      ordinal,
      name,
      modifiedAt: createdAt,
    })),
    floor: floor({ instanceId: id, routingProfiles, contacts, books: ledger, journal }),
    books: ledger,
    behaviour: config.behaviour,
    load: config.load.map(({ queue, ...rest }) => ({ ...rest, queueId: queueNamed(queue) })),
  };
  bringHierarchy(instance, config, journal, journaled !== undefined);
  // What the API has changed since stands; a configuration describes how an instance begins.
  if (journaled === undefined) bringUsers(instance, config.users ?? defaultUsers);
  return instance;
}
