import { beforeEach, describe, expect, it } from "vitest";
import { UserError } from "../../../../lib/connect/users.ts";
import { exportRoster } from "../../../../lib/roster/plan/export-roster.ts";
import {
  isDifferent,
  type PlanOptions,
  planRoster,
  type RosterPlan,
} from "../../../../lib/roster/plan/plan-roster.ts";
import { CannotPlan } from "../../../../lib/roster/plan/plan-unmanaged.ts";
import { wishesOf } from "../../../../lib/roster/plan/wishes.ts";
import type { DesiredUser } from "../../../../lib/roster/user-command.ts";
import { RosterRun } from "../../../support/roster-run.ts";
import { aDesiredUser } from "../../../support/roster-world.ts";

let run: RosterRun;
beforeEach(() => {
  run = new RosterRun({ perSecond: 100, burst: 100 });
});

const known = (username: string, changes: Partial<RosterRun["centre"]["members"][number]> = {}) => ({
  id: `id-${username}`,
  username,
  identity: { firstName: "Ana", lastName: "Ruiz" },
  phone: { type: "SOFT_PHONE" as const, autoAccept: true, afterContactWorkSeconds: 30 },
  routingProfileId: "r0",
  securityProfileIds: ["s0"],
  ...changes,
});
const inConnect = (...members: ReturnType<typeof known>[]) => run.centre.put(members, run.clock.now());
const entry = (username: string, changes: Partial<DesiredUser> = {}, line = 1) => ({
  line,
  username,
  user: aDesiredUser(changes),
});
const planned = (
  entries: ReturnType<typeof entry>[],
  options: Partial<PlanOptions> = {},
): Promise<RosterPlan> => {
  const steps = run.planSteps();
  const plan = async () => {
    const { wishes, problems } = await wishesOf(entries, steps);
    expect(problems).toEqual([]);
    return planRoster(entries, wishes, { depth: "one-by-one", unmanaged: "leave", ...options }, steps);
  };
  return run.clock.run(plan());
};

describe("a plan", () => {
  it("tells who is missing, who differs in what, who is as described and who is not in the file", async () => {
    inConnect(
      known("bo"),
      known("cy", {
        identity: { firstName: "Ana", lastName: "Ruiz", email: "old@example.com", mobile: "+34600000000" },
        routingProfileId: "r1",
        securityProfileIds: ["s1", "s0"],
        hierarchyGroupId: "g2",
      }),
      known("dan"),
    );
    const cy = entry("cy", { securityProfiles: ["Agent"], hierarchy: ["AMER"] });
    const plan = await planned([entry("ana"), entry("bo"), cy]);
    expect(plan).toEqual({
      created: [{ username: "ana", user: aDesiredUser() }],
      changed: [
        {
          username: "cy",
          user: cy.user,
          changes: [
            {
              part: "identity",
              before: {
                firstName: "Ana",
                lastName: "Ruiz",
                email: "old@example.com",
                mobile: "+34600000000",
              },
              after: { firstName: "Ana", lastName: "Ruiz", mobile: "+34600000000" },
            },
            { part: "routing-profile", before: "Support", after: "Sales" },
            { part: "security-profiles", before: ["Admin", "Agent"], after: ["Agent"] },
            { part: "hierarchy", before: ["EMEA", "Night"], after: ["AMER"] },
          ],
        },
      ],
      untouched: 1,
      unmanaged: ["dan"],
      deactivated: [],
      deleted: [],
      undescribable: [],
    });
    expect(isDifferent(plan)).toBe(true);
  });

  it("reads nobody one by one but those in the file, and each name once", async () => {
    inConnect(...["ana", "bo", "cy", "dan"].map((username) => known(username, { hierarchyGroupId: "g2" })));
    await planned([entry("ana", { hierarchy: ["AMER"] }), entry("bo"), entry("eve")]);
    const counts = Object.fromEntries(
      [...Map.groupBy(run.asked, (one) => one)].map(([one, all]) => [one, all.length]),
    );
    expect(counts).toEqual({
      DescribeInstance: 1,
      ListRoutingProfiles: 1,
      ListSecurityProfiles: 1,
      ListUserHierarchyGroups: 1,
      DescribeUserHierarchyGroup: 2,
      ListUsers: 1,
      DescribeUser: 2,
    });
    expect(run.progress.at(-1)).toEqual([2, 2]);
  });

  it("of a search takes e-mail addresses as they are to be, and all else as it is", async () => {
    const identity = { firstName: "Ana", lastName: "Ruiz", email: "new@example.com" };
    inConnect(
      known("ana", { identity: { ...identity, email: "old@example.com" } }),
      known("bo", { phone: { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 31 } }),
    );
    const plan = await planned([entry("ana", { identity }), entry("bo", { identity })], {
      depth: "searched",
    });
    expect(plan).toMatchObject({ untouched: 1, changed: [{ username: "bo", changes: [{ part: "phone" }] }] });
    expect(run.asked).toContain("SearchUsers");
    expect(run.asked).not.toContain("DescribeUser");
  });

  it("tells what has lost its name by its id", async () => {
    inConnect(known("ana", { routingProfileId: "r9", hierarchyGroupId: "g9" }));
    expect((await planned([entry("ana")])).changed[0]?.changes).toEqual([
      { part: "routing-profile", before: "r9", after: "Sales" },
      { part: "hierarchy", before: ["g9"] },
    ]);
  });

  it("takes who was deleted while it was read for missing", async () => {
    inConnect(known("ana"));
    const steps = run.planSteps();
    steps.users.describe = async () => {
      throw new UserError("not-found", "DescribeUser", "ResourceNotFoundException");
    };
    const entries = [entry("ana")];
    const { wishes } = await run.clock.run(wishesOf(entries, steps));
    const options = { depth: "one-by-one", unmanaged: "leave" } as const;
    const plan = await run.clock.run(planRoster(entries, wishes, options, steps));
    expect(plan.created.map(({ username }) => username)).toEqual(["ana"]);
  });

  it("waits when Connect says that it is too much, and asks again when there was no answer", async () => {
    inConnect(known("ana"));
    const steps = run.planSteps();
    const { list } = steps.users;
    const errors = ["rate", "unclear", "unclear"] as const;
    const left = [...errors];
    steps.users.list = async () => {
      const kind = left.shift();
      if (kind) throw new UserError(kind, "ListUsers", kind);
      return list.call(steps.users);
    };
    const options = { depth: "one-by-one", unmanaged: "leave" } as const;
    const plan = await run.clock.run(planRoster([], new Map(), options, steps));
    expect(plan.unmanaged).toEqual(["ana"]);
  });
});

describe("who is not in the file", () => {
  it("is deleted when told", async () => {
    inConnect(known("ana"), known("bo"));
    expect(await planned([entry("ana")], { unmanaged: "delete" })).toMatchObject({
      deleted: ["bo"],
      unmanaged: [],
    });
  });

  it("is deactivated when told, unless that is so already, and keeps everything else", async () => {
    const email = "bo@example.com";
    inConnect(
      known("ana"),
      known("bo", { identity: { firstName: "Bo", lastName: "Lind", email }, hierarchyGroupId: "g3" }),
      known("cy", { routingProfileId: "r2", securityProfileIds: ["s2"] }),
      known("dan", { phone: {} }),
    );
    expect(await planned([entry("ana")], { unmanaged: "deactivate" })).toMatchObject({
      deactivated: [
        {
          username: "bo",
          user: aDesiredUser({
            identity: { firstName: "Bo", lastName: "Lind", email },
            hierarchy: ["AMER"],
            active: false,
          }),
        },
      ],
      unmanaged: ["cy"],
      undescribable: ["dan"],
    });
  });

  it("is not deactivated by halves where nothing is configured for that", async () => {
    inConnect(known("bo"));
    Object.assign(run.inactive, { routingProfile: undefined });
    await expect(planned([], { unmanaged: "deactivate" })).rejects.toThrow(CannotPlan);
  });
});

describe("what Connect does not know", () => {
  it("is told of each user that names it, and asked for once", async () => {
    const entries = Array.from({ length: 50 }, (_, index) =>
      entry(`user-${index}`, { routingProfile: "Slaes", hierarchy: ["EMEA", "Nigth"] }, index + 2),
    );
    const { wishes, problems } = await run.clock.run(wishesOf(entries, run.planSteps()));
    expect(wishes.size).toBe(0);
    expect(problems).toHaveLength(50);
    expect(problems[0]).toEqual({
      line: 2,
      why: '"user-0": there is no routing profile "Slaes"; there is "Sales"; there is no hierarchy group "EMEA / Nigth"; there is "Night"',
    });
    expect(run.asked.length).toBeLessThanOrEqual(6);
  });

  it("is told of a username that Connect would not take", async () => {
    const { problems } = await run.clock.run(wishesOf([entry("a-name-of-21-letters--")], run.planSteps()));
    expect(problems).toMatchObject([{ why: expect.stringContaining("at most 20 characters") }]);
  });
});

describe("what is exported", () => {
  it("plans to nothing", async () => {
    inConnect(
      known("ana", {
        hierarchyGroupId: "g2",
        identity: { firstName: "A", lastName: "B", email: "a@b.example" },
      }),
      known("bo", { routingProfileId: "r2", securityProfileIds: ["s2", "s1"] }),
      known("cy", {
        phone: {
          type: "DESK_PHONE",
          autoAccept: false,
          afterContactWorkSeconds: 0,
          deskNumber: "+34911111111",
          persistentConnection: true,
        },
      }),
    );
    const { users, undescribable } = await run.clock.run(exportRoster(run.planSteps()));
    expect(undescribable).toEqual([]);
    const plan = await planned(users.map((user) => ({ line: 1, ...user })));
    expect(isDifferent(plan)).toBe(false);
    expect(plan).toMatchObject({ untouched: 3, unmanaged: [] });
  });

  it("leaves out whom no command can describe", async () => {
    inConnect(known("ana"), known("bo", { phone: {} }));
    expect(await run.clock.run(exportRoster(run.planSteps()))).toMatchObject({
      users: [{ username: "ana" }],
      undescribable: ["bo"],
    });
  });
});
