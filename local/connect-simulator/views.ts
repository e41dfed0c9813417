import * as v from "valibot";
import type { AgentActivity } from "./centre/floor.ts";
import type { Instance } from "./instance/instance.ts";
import { resourceNotFound } from "./wire/wire-error.ts";
import type { World } from "./world.ts";

export type AgentView = {
  username: string;
  userId: string;
  instanceId: string;
  status: string;
  nextStatus: string | null;
  activity: AgentActivity;
  contactId: string | null;
};

type NamedView = { name: string; id: string };

export type InstanceView = {
  alias: string;
  id: string;
  arn: string;
  identityManagementType: string;
  phoneNumbers: string[];
  contactFlows: NamedView[];
  queues: NamedView[];
  routingProfiles: NamedView[];
  securityProfiles: NamedView[];
  agentStatuses: string[];
  users: number;
};

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

export const agentChangeSchema = v.strictObject({
  username: text,
  status: text,
  instanceId: v.optional(text),
});

/** Queue and instance by id or name; the first ones when they are left out. */
export const arrivalSchema = v.strictObject({
  queue: v.optional(text),
  channel: v.optional(v.picklist(["VOICE", "CHAT", "TASK", "EMAIL"])),
  direction: v.optional(v.picklist(["inbound", "outbound"])),
  /** The customer's number, E.164. */
  customer: v.optional(v.pipe(v.string(), v.regex(/^\+[1-9]\d{1,14}$/, "must be in E.164 format"))),
  attributes: v.optional(v.record(v.string(), v.string())),
  instanceId: v.optional(text),
});

export type Arrival = v.InferInput<typeof arrivalSchema>;

export function agentViews({ instances }: World): AgentView[] {
  return [...instances.values()].flatMap(({ floor }) =>
    Array.from(
      floor.agents(),
      ({ username, userId, instanceId, status, nextStatus, activity, contactId }) => ({
        username,
        userId,
        instanceId,
        status,
        nextStatus,
        activity,
        contactId,
      }),
    ),
  );
}

export function instanceViews({ instances }: World): InstanceView[] {
  const named = (rows: { all(): Iterable<NamedView> }) =>
    Array.from(rows.all(), ({ name, id }) => ({ name, id }));
  return Array.from(instances.values(), (instance) => ({
    alias: instance.alias,
    id: instance.id,
    arn: instance.place.instanceArn,
    identityManagementType: instance.identityManagementType,
    phoneNumbers: Array.from(instance.phoneNumbers.all(), ({ number }) => number),
    contactFlows: named(instance.contactFlows),
    queues: named(instance.queues),
    routingProfiles: named(instance.routingProfiles),
    securityProfiles: named(instance.securityProfiles),
    agentStatuses: instance.agentStatuses.map(({ name }) => name),
    users: instance.users.size,
  }));
}

export function setAgent(world: World, change: v.InferOutput<typeof agentChangeSchema>): AgentView {
  const instance = instanceNamed(world, change.instanceId);
  const { username, status } = change;
  const user = instance.users.named(username);
  if (user === undefined) throw resourceNotFound(`username: there is no user ${username}`);
  const statuses = ["Offline", ...instance.agentStatuses.map(({ name }) => name)];
  if (!statuses.includes(status)) {
    throw resourceNotFound(`status: there is no status ${status}; there are ${statuses.join(", ")}`);
  }
  const seated = instance.floor.agent(user.id);
  if (seated === undefined) world.agents.signIn(user, status, null);
  else world.agents.setStatus(seated, status);
  const view = agentViews(world).find(({ userId }) => userId === user.id);
  if (view === undefined) throw new Error(`${username} is not on the floor`);
  return view;
}

export function letArrive(world: World, { queue, instanceId, ...arrival }: Arrival): string | null {
  const instance = instanceNamed(world, instanceId);
  const queues = [...instance.queues.all()];
  const found =
    queue === undefined ? queues[0] : queues.find(({ id, name }) => id === queue || name === queue);
  if (found === undefined) throw resourceNotFound(`queue: there is no queue ${queue}`);
  return world.load.arrive({ ...arrival, instanceId: instance.id, queueId: found.id });
}

function instanceNamed({ instances }: World, wanted: string | undefined): Instance {
  const all = [...instances.values()];
  const found =
    wanted === undefined ? all[0] : all.find(({ id, alias }) => id === wanted || alias === wanted);
  if (found === undefined) throw resourceNotFound(`instanceId: there is no instance ${wanted}`);
  return found;
}
