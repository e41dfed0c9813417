import { type AgentLife, agentLife } from "./centre/agent-life.ts";
import { type CallLife, callLife } from "./centre/call-life.ts";
import type { SimulatedClock } from "./centre/clock.ts";
import { contactStore } from "./centre/contact-store.ts";
import { offline } from "./centre/floor.ts";
import { inboundLoad } from "./centre/inbound-load.ts";
import type { Deliver } from "./centre/telling.ts";
import type { CentreConfig, UserConfig } from "./config/centre-config.ts";
import { defaultUsers } from "./defaults.ts";
import { instanceFrom } from "./instance/from-config.ts";
import type { Instance } from "./instance/instance.ts";
import { usernamesOf } from "./instance/users-from-config.ts";
import type { Journal } from "./journal.ts";
import { snapshots } from "./metrics/snapshots.ts";
import type { World } from "./world.ts";

type Surroundings = {
  clock: SimulatedClock;
  journal: Journal;
  realNow: () => number;
  seed: number;
  deliver: Deliver;
};

/** The world as the configuration describes it, or as the journal found it. Nothing happens before `begin`. */
export function openWorld(config: CentreConfig, around: Surroundings): World {
  const { clock, journal, realNow, seed, deliver } = around;
  const { region, accountId } = config;
  const contacts = contactStore(journal);
  const instances = new Map<string, Instance>();
  for (const [index, one] of config.instances.entries()) {
    const instance = instanceFrom(one, index, {
      region,
      accountId,
      journal,
      contacts: contacts.all(),
      now: clock.now(),
    });
    if (instances.has(instance.id)) throw new Error(`There are two instances with the id ${instance.id}.`);
    instances.set(instance.id, instance);
  }

  for (const { contactId, instanceId } of contacts.all()) {
    if (instances.has(instanceId)) continue;
    throw new Error(
      `The data directory has contacts of the instance ${instanceId} (${contactId}), which the configuration does not have.`,
    );
  }

  // Contacts free agents, and free agents take contacts.
  const calls: CallLife = callLife({
    clock,
    contacts,
    instances,
    deliver,
    seed,
    agentMissed: (agent) => agents.missed(agent),
    commit: () => journal.commit(clock.now()),
  });
  const agents: AgentLife = agentLife({ clock, instances, seed, agentIsFree: calls.agentIsFree });
  const load = inboundLoad({ clock, instances, contacts, calls, journal, seed });

  return {
    region,
    accountId,
    deviations: config.deviations,
    clock,
    realNow,
    instances,
    contacts,
    calls,
    agents,
    load,
    snapshots: snapshots(realNow, config.deviations),
    journal,
    begin(catchUpTo) {
      for (const [index, instance] of [...instances.values()].entries()) {
        signIn(instance, config.instances[index]?.users ?? defaultUsers, agents);
      }
      calls.resume();
      agents.resume();
      // What was due meanwhile happens at its own times. Nobody called in the meantime.
      if (catchUpTo > clock.now()) clock.advance(catchUpTo - clock.now());
      load.begin();
      journal.commit(clock.now());
    },
    end() {
      load.forgetAll();
      agents.forgetAll();
      calls.forgetAll();
    },
  };
}

function signIn(instance: Instance, configs: readonly UserConfig[], agents: AgentLife): void {
  for (const config of configs) {
    const { status, shift } = config;
    const known = status === offline || instance.agentStatuses.some(({ name }) => name === status);
    if (!known) {
      throw new Error(`instance ${instance.alias}: there is no agent status ${status}`);
    }
    if (status === offline && shift === undefined) continue;
    for (const username of usernamesOf(config)) {
      const user = instance.users.named(username);
      // After a restart those sit who sat before; who was created since under such a name does not.
      if (user && !instance.isNew && !instance.floor.agent(user.id)) continue;
      if (user)
        agents.signIn(user, status, shift ? { from: minutes(shift.from), to: minutes(shift.to) } : null);
    }
  }
}

function minutes(timeOfDay: string): number {
  const [hours = 0, past = 0] = timeOfDay.split(":").map(Number);
  return hours * 60 + past;
}
