import { describe, expect, it } from "vitest";
import { parseCentreConfig } from "../../../../local/connect-simulator/config/centre-config.ts";
import { readCentreConfig } from "../../../../local/connect-simulator/config/read-config.ts";
import { startConnectSimulator } from "../../../../local/connect-simulator/simulator.ts";
import { aCentre } from "../support.ts";

describe("a configuration", () => {
  it("has a default for everything", () => {
    expect(parseCentreConfig(undefined)).toMatchObject({
      region: "us-east-1",
      accountId: "111122223333",
      instances: [{ identityManagementType: "CONNECT_MANAGED", limits: { activeCalls: 10, users: 500 } }],
      deviations: { tokenAfterDisconnect: "new-contact" },
    });
  });

  it("says all that is wrong with it, and where", () => {
    const wrong = {
      regoin: "x",
      instances: [
        { users: [{ username: "" }], queues: [], hierarchy: { levels: ["1", "2", "3", "4", "5", "6"] } },
      ],
      deviations: { samlEmail: "sometimes" },
    };
    for (const place of [
      "regoin",
      "instances.0.users.0.username",
      "instances.0.queues",
      "instances.0.hierarchy.levels",
      "deviations.samlEmail",
    ]) {
      expect(() => parseCentreConfig(wrong)).toThrow(`  ${place}: `);
    }
  });

  it.each([
    [{ routingProfiles: [{ name: "A", queues: ["Unheard"] }] }, "there is no queue Unheard"],
    [{ users: [{ username: "a", routingProfile: "Unheard" }] }, "there is no routing profile Unheard"],
    [{ users: [{ username: "a", status: "Asleep" }] }, "there is no agent status Asleep"],
    [{ users: [{ username: "a" }, { username: "a" }] }, "there are two users a"],
    [{ queues: ["A", "A"] }, "there are two queues named A"],
    [
      {
        queues: [
          { name: "A", id: "i" },
          { name: "B", id: "i" },
        ],
      },
      "there are two queues with the id i",
    ],
    [
      {
        users: [
          { username: "a", id: "i" },
          { username: "b", id: "i" },
        ],
      },
      "there are two users with the id i",
    ],
    [{ load: [{ queue: "Unheard", perHour: 1 }] }, "there is no queue Unheard"],
    [{ hierarchy: { levels: [], groups: ["EMEA"] } }, "below its 0 levels"],
    [{ users: [{ username: "a", hierarchy: ["EMEA"] }] }, "there is no hierarchy group EMEA"],
  ])("that does not fit together is an error: %j", async (instance, message) => {
    await expect(startConnectSimulator({ centre: { instances: [instance] } })).rejects.toThrow(message);
  });

  it("gives the same ids whenever it is read", async () => {
    const config = {
      instances: [
        { alias: "a", queues: ["Sales"] },
        { alias: "b", queues: ["Sales"] },
      ],
    };
    const views = await Promise.all([aCentre({ centre: config }), aCentre({ centre: config })]);
    const [one, other] = views.map(({ simulator }) => simulator.instances());
    expect(one).toEqual(other);
    expect(one?.[0]?.queues[0]?.id).not.toBe(one?.[1]?.queues[0]?.id);
  });

  it("is the example that the README shows", async () => {
    const centre = readCentreConfig("local/connect-simulator/centre.example.yaml");
    const { simulator } = await aCentre({ centre, activeCalls: 100 });
    expect(simulator.instances().length).toBeGreaterThan(1);
    await simulator.clock({ advanceSeconds: 12 * 3600 });
    expect(simulator.books().some(({ handled }) => handled > 0)).toBe(true);
  });

  it("that cannot be read is an error with its name", () => {
    expect(() => readCentreConfig("/nowhere/centre.yaml")).toThrow("/nowhere/centre.yaml cannot be read");
  });
});
