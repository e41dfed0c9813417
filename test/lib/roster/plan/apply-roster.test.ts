import { beforeEach, describe, expect, it } from "vitest";
import { applyRoster } from "../../../../lib/roster/plan/apply-roster.ts";
import { estimateMs, requestsOf, saidOf } from "../../../../lib/roster/plan/estimate.ts";
import type { RosterPlan } from "../../../../lib/roster/plan/plan-roster.ts";
import { planRoster } from "../../../../lib/roster/plan/plan-roster.ts";
import { commandsOf } from "../../../../lib/roster/plan/roster-commands.ts";
import { wishesOf } from "../../../../lib/roster/plan/wishes.ts";
import type { DesiredUser } from "../../../../lib/roster/user-command.ts";
import { RosterRun } from "../../../support/roster-run.ts";
import { aDesiredUser, aRosterPlan } from "../../../support/roster-world.ts";

const connects = { perSecond: 2, burst: 5 };
const entries = (count: number, changes: (index: number) => Partial<DesiredUser> = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({
    line: index + 2,
    username: `user-${String(index).padStart(4, "0")}`,
    user: aDesiredUser(changes(index)),
  }));

let run: RosterRun;
beforeEach(() => {
  run = new RosterRun(connects);
});

const plan = async (of: ReturnType<typeof entries>): Promise<RosterPlan> => {
  const steps = run.planSteps();
  const { wishes } = await wishesOf(of, steps);
  return planRoster(of, wishes, { depth: "searched", unmanaged: "leave" }, steps);
};
const planned = (of: ReturnType<typeof entries>) => run.clock.run(plan(of));
const apply = (planned: RosterPlan) =>
  run.withWorkers(applyRoster(commandsOf(planned, undefined), run.applySteps()));
const statesOf = (followed: Awaited<ReturnType<typeof apply>>) =>
  Object.fromEntries(
    [...Map.groupBy(followed, ({ state }) => state)].map(([state, all]) => [state, all.length]),
  );
/** @returns how long it took beside what was said, and its states */
const timed = async (of: ReturnType<typeof entries>) => {
  const toDo = await planned(of);
  const estimate = estimateMs(requestsOf(toDo), connects);
  const from = run.clock.now();
  const states = statesOf(await apply(toDo));
  return { ratio: (run.clock.now() - from) / estimate, estimate, states };
};

describe("how long it takes is said beforehand, within a few per cent", () => {
  it("of 5,000 new users at Connect's own pace", async () => {
    const { ratio, estimate, states } = await timed(entries(5_000));
    expect(states).toEqual({ created: 5_000 });
    expect(saidOf(estimate)).toBe("about 42 min");
    expect(ratio).toBeGreaterThan(0.97);
    expect(ratio).toBeLessThan(1.03);
    expect(run.asked.filter((one) => one === "CreateUser")).toHaveLength(5_000);
    expect((await planned(entries(5_000))).untouched).toBe(5_000);
  }, 120_000);

  it("of users who differ in several parts, of which some are new", async () => {
    await apply(await planned(entries(300)));
    const { ratio, states } = await timed(
      entries(400, (index) => ({
        routingProfile: index % 2 === 0 ? "Support" : "Sales",
        hierarchy: ["EMEA", "Night"],
        securityProfiles: ["Admin", "Agent"],
      })),
    );
    expect(states).toEqual({ updated: 300, created: 100 });
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.05);
  });

  it.each([
    [2_000, "a few seconds"],
    [59_600, "about 60 s"],
    [10 * 60_000, "about 10 min"],
    [150 * 60_000, "about 2 h 30 min"],
  ])("%d ms", (ms, said) => expect(saidOf(ms)).toBe(said));
});

describe("a roster that is applied", () => {
  it("has only so many commands under way, and sends again what the queue did not take", async () => {
    run.queueFails = 25;
    const toDo = await planned(entries(100));
    let most = 0;
    const steps = run.applySteps();
    const { outcomes } = steps.changes;
    steps.changes = {
      outcomes: (keys) => {
        most = Math.max(most, keys.length);
        return outcomes.call(run.applySteps().changes, keys);
      },
    };
    const followed = await run.withWorkers(applyRoster(commandsOf(toDo, undefined), steps));
    expect(statesOf(followed)).toEqual({ created: 100 });
    expect(most).toBe(40);
    expect(run.progress.at(-1)).toEqual([100, 100]);
  });

  it("does not take what is only begun for an end", async () => {
    const steps = run.applySteps();
    const looks = ["begun", "begun", "created"] as const;
    let look = 0;
    steps.changes = {
      outcomes: async (keys) => {
        const state = looks[look] ?? "created";
        look += 1;
        return keys.map((key) => ({
          ...key,
          commandId: "c",
          at: "2026-11-26T12:00:00Z",
          state,
          changes: [],
        }));
      },
    };
    const commands = commandsOf(await planned(entries(1)), undefined);
    expect(statesOf(await run.clock.run(applyRoster(commands, steps)))).toEqual({ created: 1 });
    expect(look).toBe(3);
  });

  it("tells who was refused and why", async () => {
    const toDo = await planned(entries(3));
    run.centre.routingProfiles.splice(0, 1);
    expect(await apply(toDo)).toEqual(
      entries(3).map(({ username }) => ({
        username,
        state: "refused",
        why: expect.stringContaining('there is no routing profile "Sales"'),
      })),
    );
  });

  it("is given up when nothing comes of it, and says of whom nothing is known", async () => {
    const toDo = await planned(entries(60));
    const from = run.clock.now();
    const followed = await run.clock.run(applyRoster(commandsOf(toDo, undefined), run.applySteps()));
    expect(statesOf(followed)).toEqual({ unsettled: 60 });
    expect(run.clock.now() - from).toBe(900_000);
    expect(run.sent).toHaveLength(40);
  });
});

describe("a command", () => {
  const user = aDesiredUser();

  it("has its id from the user and what is to become of it, and says where it is from", () => {
    const [one] = commandsOf(aRosterPlan({ created: [{ username: "ana", user }] }), "spring intake");
    const [same] = commandsOf(aRosterPlan({ changed: [{ username: "ana", user, changes: [] }] }), undefined);
    const [other] = commandsOf(
      aRosterPlan({ deactivated: [{ username: "ana", user: { ...user, active: false } }] }),
      "x",
    );
    const [gone] = commandsOf(aRosterPlan({ deleted: ["ana"] }), "x");
    expect(one).toMatchObject({ username: "ana", source: "roster", reason: "spring intake", user });
    expect(one?.commandId).toMatch(/^roster-[0-9a-f]{24}$/);
    expect(same).toEqual({ commandId: one?.commandId, username: "ana", source: "roster", user });
    expect(gone).toMatchObject({ username: "ana", delete: true });
    expect(new Set([one, same, other, gone].map((command) => command?.commandId)).size).toBe(3);
  });
});
