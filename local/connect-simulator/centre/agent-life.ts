import type { Instance, User } from "../instance/instance.ts";
import type { SimulatedClock } from "./clock.ts";
import { type Agent, type AgentStep, available, offline } from "./floor.ts";
import { inOrder, plans } from "./plans.ts";
import { type Draw, drawFrom } from "./random.ts";

/** Minutes after midnight UTC. */
export type Shift = { readonly from: number; readonly to: number };

export type AgentLife = {
  /** Seats a user who is to take contacts. */
  signIn(user: User, status: string, shift: Shift | null): void;
  /** As a person at the agent's screen would: ends breaks, and waits for the end of a contact. */
  setStatus(agent: Agent, status: string): void;
  /** The user's routing profile may be another one. */
  userChanged(user: User): void;
  userGone(user: User): void;
  /** A missed contact: the error state ends by itself. */
  missed(agent: Agent): void;
  resume(): void;
  forgetAll(): void;
};

type Parts = {
  clock: SimulatedClock;
  instances: ReadonlyMap<string, Instance>;
  seed: number;
  agentIsFree(agent: Agent): void;
};

const day = 86_400_000;
const minute = 60_000;

/** Draws for agents have numbers of their own, far from those of contacts. */
const agentDraws = 0x5eed_a6e7;

export function agentLife({ clock, instances, seed, agentIsFree }: Parts): AgentLife {
  const steps = plans<AgentStep, Agent>(
    clock,
    ({ userId }) => userId,
    take,
    (agent) => instanceOf(agent)?.floor.save(agent),
  );
  const shifts = new Map<string, Shift>();

  const instanceOf = (agent: Agent): Instance | undefined => instances.get(agent.instanceId);

  const isGone = (agent: Agent): boolean => instanceOf(agent)?.users.get(agent.userId) === undefined;

  function drawOf(agent: Agent): Draw {
    agent.draws += 1;
    return drawFrom(seed, agentDraws, agent.ordinal, agent.draws);
  }

  function plan(agent: Agent, kind: AgentStep["kind"], at: number): void {
    const others = agent.ahead.filter((step) => step.kind !== kind);
    agent.ahead = inOrder([...others, { kind, at }]);
    steps.follow(agent);
  }

  function cancelBreaks(agent: Agent): void {
    agent.ahead = agent.ahead.filter(({ kind }) => kind !== "BREAK_BEGINS" && kind !== "BREAK_ENDS");
    steps.follow(agent);
  }

  function change(agent: Agent, changes: Partial<Agent>): void {
    instanceOf(agent)?.floor.change(agent, clock.now(), changes);
  }

  /** At once for an agent without a contact, else when the contact is done. */
  function become(agent: Agent, status: string): void {
    if (agent.contactId !== null) {
      change(agent, { nextStatus: status === agent.status ? null : status });
      return;
    }
    // Nothing changes, and a free agent keeps the place in the line.
    if (status === agent.status && agent.activity === "idle") return;
    change(agent, { status, nextStatus: null, activity: "idle" });
    agentIsFree(agent);
  }

  function planBreak(agent: Agent): void {
    const breaks = instanceOf(agent)?.behaviour.breaks;
    if (!breaks) return;
    plan(agent, "BREAK_BEGINS", clock.now() + drawOf(agent).milliseconds(breaks.every));
  }

  function take(agent: Agent, { kind, at }: AgentStep): void {
    const breaks = instanceOf(agent)?.behaviour.breaks;
    switch (kind) {
      case "SHIFT_BEGINS":
      case "SHIFT_ENDS":
        followShift(agent);
        return;
      case "BREAK_BEGINS":
        if (!breaks || agent.status !== available) return;
        become(agent, breaks.status);
        plan(agent, "BREAK_ENDS", at + drawOf(agent).milliseconds(breaks.last));
        return;
      case "BREAK_ENDS":
        become(agent, available);
        planBreak(agent);
        return;
      case "RECOVERS":
        if (isGone(agent)) instanceOf(agent)?.floor.leave(agent);
        else if (agent.activity === "error") become(agent, agent.nextStatus ?? agent.status);
    }
  }

  function followShift(agent: Agent): void {
    const shift = shifts.get(agent.userId);
    if (shift === undefined) return;
    const now = clock.now();
    const midnight = Math.floor(now / day) * day;
    const sinceMidnight = now - midnight;
    const from = shift.from * minute;
    const to = shift.to * minute;
    const atWork =
      from < to ? sinceMidnight >= from && sinceMidnight < to : sinceMidnight >= from || sinceMidnight < to;
    const boundary = atWork ? to : from;
    const next = midnight + boundary + (boundary <= sinceMidnight ? day : 0);
    cancelBreaks(agent);
    const wanted = atWork ? available : offline;
    if ((agent.nextStatus ?? agent.status) !== wanted) become(agent, wanted);
    if (atWork) planBreak(agent);
    plan(agent, atWork ? "SHIFT_ENDS" : "SHIFT_BEGINS", next);
  }

  return {
    signIn(user, status, shift) {
      const instance = instances.get(user.instanceId);
      if (instance === undefined) return;
      if (shift !== null) shifts.set(user.id, shift);
      const known = instance.floor.agent(user.id);
      if (known !== undefined) return;
      const agent: Agent = {
        userId: user.id,
        instanceId: user.instanceId,
        username: user.username,
        ordinal: user.ordinal,
        routingProfileId: user.routingProfileId,
        status: shift === null ? status : offline,
        nextStatus: null,
        activity: "idle",
        contactId: null,
        freeSince: clock.now(),
        ahead: [],
        draws: 0,
      };
      instance.floor.seat(agent);
      if (shift !== null) followShift(agent);
      else if (status === available) planBreak(agent);
      agentIsFree(agent);
    },
    setStatus(agent, status) {
      cancelBreaks(agent);
      become(agent, status);
      if (status === available) planBreak(agent);
    },
    userChanged(user) {
      const agent = instances.get(user.instanceId)?.floor.agent(user.id);
      if (agent === undefined || agent.routingProfileId === user.routingProfileId) return;
      change(agent, { routingProfileId: user.routingProfileId });
      agentIsFree(agent);
    },
    userGone(user) {
      const floor = instances.get(user.instanceId)?.floor;
      const agent = floor?.agent(user.id);
      if (floor === undefined || agent === undefined) return;
      shifts.delete(user.id);
      agent.ahead = [];
      steps.follow(agent);
      // One who has a contact leaves when it is done.
      if (agent.contactId === null) {
        change(agent, { status: offline });
        floor.leave(agent);
      } else change(agent, { nextStatus: offline });
    },
    missed(agent) {
      const durations = instanceOf(agent)?.behaviour.durations;
      if (durations) plan(agent, "RECOVERS", clock.now() + drawOf(agent).milliseconds(durations.error));
    },
    resume() {
      for (const { floor } of instances.values()) for (const agent of floor.agents()) steps.follow(agent);
    },
    forgetAll: steps.forgetAll,
  };
}
