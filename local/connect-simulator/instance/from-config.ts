import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { v5 as uuidv5 } from "uuid";
import { books } from "../centre/books.ts";
import type { Contact } from "../centre/contact.ts";
import { floor } from "../centre/floor.ts";
import type { GroupConfig, InstanceConfig, UserConfig } from "../config/centre-config.ts";
import {
  defaultContactFlowId,
  defaultInstanceId,
  defaultPhoneNumber,
  defaultQueueId,
  defaultUsers,
} from "../defaults.ts";
import type { Journal } from "../journal.ts";
import type { HierarchyGroup, HierarchyLevel, Instance, Named, Queue, User } from "./instance.ts";
import { placeOf } from "./place.ts";
import { type Table, table } from "./table.ts";
import { users } from "./users.ts";

type Surroundings = {
  region: string;
  accountId: string;
  journal: Journal;
  contacts: Iterable<Contact>;
  /** Simulated and real milliseconds. */
  now: number;
  realNow: number;
};

/** Ids that a configuration does not give are made from names, so that they stay the same. */
const idOf = (...names: string[]): string => uuidv5(names.join("\n"), uuidv5.URL);

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

  const ledger = books(journal, id);
  const instance: Instance = {
    id,
    place,
    alias,
    identityManagementType: config.identityManagementType,
    inboundCallsEnabled: config.inboundCallsEnabled,
    outboundCallsEnabled: config.outboundCallsEnabled,
    passive: config.passive,
    createdAt,
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
    agentStatuses: config.agentStatuses.map((name, ordinal) => ({
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
  if (journaled === undefined) bringUsers(instance, config.users ?? defaultUsers, around);
  return instance;
}

function named<Row extends Named>(rows: Table<Row>, name: string, otherwise: string): Row {
  for (const row of rows.all()) if (row.name === name) return row;
  throw new Error(otherwise);
}

function bringHierarchy(instance: Instance, config: InstanceConfig, journal: Journal, known: boolean): void {
  if (known) {
    const rows = journal.found<HierarchyGroup & { instanceId: string }>("group");
    for (const { instanceId, ...group } of rows)
      if (instanceId === instance.id) instance.hierarchyGroups.put(group);
    const kept = journal.found<{ id: string; levels: (HierarchyLevel | null)[] }>("levels");
    instance.levels = kept.find(({ id }) => id === instance.id)?.levels ?? [];
    return;
  }
  const levels = config.hierarchy?.levels ?? [];
  setLevels(
    instance,
    levels.map((name) => ({ name, modifiedAt: instance.createdAt })),
    journal,
  );
  function add(groups: readonly GroupConfig[], level: number, parentId: string | null): void {
    if (groups.length > 0 && level > levels.length) {
      throw new Error(
        `instance ${instance.alias}: the hierarchy has groups below its ${levels.length} levels`,
      );
    }
    for (const { name, id, groups: below } of groups) {
      const group: HierarchyGroup = {
        id: id ?? idOf(instance.id, "hierarchy group", parentId ?? "", name),
        ordinal: instance.hierarchyGroups.nextOrdinal(),
        name,
        level,
        parentId,
        tags: {},
        modifiedAt: instance.createdAt,
      };
      putGroup(instance, group, journal);
      add(below ?? [], level + 1, group.id);
    }
  }
  add(config.hierarchy?.groups ?? [], 1, null);
}

export function putGroup(instance: Instance, group: HierarchyGroup, journal: Journal): void {
  instance.hierarchyGroups.put(group);
  journal.put("group", group.id, { ...group, instanceId: instance.id });
}

export function setLevels(
  instance: Instance,
  levels: readonly (HierarchyLevel | null)[],
  journal: Journal,
): void {
  instance.levels = levels;
  journal.put("levels", instance.id, { id: instance.id, levels });
}

/** Usernames of an entry with `count`: the given one, with -0001 and so on behind it. */
export function usernamesOf({ username, count }: UserConfig): string[] {
  if (count === undefined) return [username];
  return Array.from({ length: count }, (_, index) => `${username}-${String(index + 1).padStart(4, "0")}`);
}

function bringUsers(instance: Instance, configs: readonly UserConfig[], around: Surroundings): void {
  const { alias, routingProfiles, securityProfiles } = instance;
  const [firstProfile] = routingProfiles.all();
  const [firstSecurity] = securityProfiles.all();
  for (const config of configs) {
    const profile =
      config.routingProfile === undefined
        ? firstProfile
        : named(
            routingProfiles,
            config.routingProfile,
            `instance ${alias}: there is no routing profile ${config.routingProfile}`,
          );
    const security = config.securityProfiles?.map(
      (name) => named(securityProfiles, name, `instance ${alias}: there is no security profile ${name}`).id,
    );
    for (const [index, username] of usernamesOf(config).entries()) {
      if (instance.users.named(username))
        throw new Error(`instance ${alias}: there are two users ${username}`);
      const user: User = {
        id: (config.count === undefined ? config.id : undefined) ?? idOf(instance.id, "user", username),
        ordinal: instance.users.nextOrdinal(),
        instanceId: instance.id,
        username,
        identityInfo: {
          FirstName: config.firstName,
          LastName: config.lastName ?? (config.count === undefined ? username : String(index + 1)),
          Email: config.email,
        },
        phoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: false, AfterContactWorkTimeLimit: 0 },
        directoryUserId: null,
        securityProfileIds: security ?? (firstSecurity ? [firstSecurity.id] : []),
        routingProfileId: profile?.id ?? "",
        hierarchyGroupId: config.hierarchy ? groupAt(instance, config.hierarchy).id : null,
        tags: {},
        channelConfigs: {},
        modifiedAt: around.now,
        createdAtReal: 0,
      };
      instance.users.put(user);
    }
  }
}

/** The group at a path of names, such as ["EMEA", "Madrid"]. */
function groupAt({ alias, hierarchyGroups }: Instance, path: readonly string[]): HierarchyGroup {
  let parentId: string | null = null;
  let found: HierarchyGroup | undefined;
  for (const name of path) {
    found = [...hierarchyGroups.all()].find((group) => group.name === name && group.parentId === parentId);
    if (found === undefined)
      throw new Error(`instance ${alias}: there is no hierarchy group ${path.join(" / ")}`);
    parentId = found.id;
  }
  if (found === undefined) throw new Error(`instance ${alias}: an empty hierarchy path`);
  return found;
}
