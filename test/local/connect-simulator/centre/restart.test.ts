import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateUserCommand,
  CreateUserHierarchyGroupCommand,
  DeleteUserCommand,
  DescribeUserHierarchyStructureCommand,
  ListUserHierarchyGroupsCommand,
  ListUsersCommand,
  TagContactCommand,
  UpdateUserHierarchyStructureCommand,
} from "@aws-sdk/client-connect";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Book, CentreConfigInput } from "../../../../local/connect-simulator/simulator.ts";
import { aCentre, type Centre } from "../support.ts";
import { midnight } from "./any-day.ts";

const centre: CentreConfigInput = {
  instances: [
    {
      queues: ["Sales", "Support"],
      routingProfiles: [
        { name: "Both", queues: ["Sales", "Support"] },
        { name: "Support", queues: ["Support"] },
      ],
      users: [
        { username: "ana", count: 5, routingProfile: "Both" },
        { username: "bo", count: 4, routingProfile: "Support", shift: { from: "00:30", to: "01:30" } },
      ],
      behaviour: {
        missedOffers: 0.05,
        holds: 0.3,
        agentTransfers: 0.1,
        queueTransfers: 0.2,
        callbacks: 0.3,
        breaks: { every: [900, 1800], last: [60, 300] },
        durations: { talk: [30, 300], patience: [30, 200] },
      },
      load: [
        { queue: "Sales", perHour: 60 },
        { queue: "Support", perHour: 60 },
        { queue: "Support", perHour: 10, direction: "outbound" },
      ],
    },
  ],
};

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "connect-simulator-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

const begin = (dataDir?: string): Promise<Centre> =>
  aCentre({
    seed: 5,
    startAt: midnight,
    activeCalls: 200,
    centre,
    ...(dataDir !== undefined && { dataDir }),
  });

const sorted = (books: Book[]): Book[] =>
  books.toSorted((a, b) => `${a.queueId} ${a.start}`.localeCompare(`${b.queueId} ${b.start}`));

describe("a restart with --data", () => {
  it("changes nothing of a day: interrupted every 20 minutes, it ends as it would have", async () => {
    const whole = await begin();
    await whole.advance(2 * 3600);

    const dataDir = aDirectory();
    let part = await begin(dataDir);
    for (let stretch = 0; stretch < 6; stretch += 1) {
      await part.advance(1200);
      await part.simulator.stop();
      part = await begin(dataDir);
    }

    expect(part.simulator.clockReading()).toEqual(whole.simulator.clockReading());
    expect(sorted(part.simulator.books())).toEqual(sorted(whole.simulator.books()));
    const withoutContacts = ({ simulator }: Centre) =>
      simulator.agents().map(({ contactId, ...rest }) => ({ ...rest, busy: contactId !== null }));
    expect(withoutContacts(part)).toEqual(withoutContacts(whole));
  });

  it("finds what a killed process had written, wherever it was killed", async () => {
    const dataDir = aDirectory();
    const killed = await begin(dataDir);
    await killed.advance(1800);
    const copy = aDirectory();
    // As a kill would leave it: nothing has been said to it.
    cpSync(dataDir, copy, { recursive: true });

    const after = await begin(copy);
    expect(after.simulator.contacts()).toEqual(killed.simulator.contacts());
    expect(after.simulator.agents()).toEqual(killed.simulator.agents());
    expect(sorted(after.simulator.books())).toEqual(sorted(killed.simulator.books()));
  });

  it("keeps users, hierarchy and tags as the API has left them", async () => {
    const dataDir = aDirectory();
    const before = await begin(dataDir);
    const { client, simulator } = before;
    const InstanceId = simulator.instanceId;
    const [instance] = simulator.instances();
    await client.send(
      new UpdateUserHierarchyStructureCommand({
        InstanceId,
        HierarchyStructure: { LevelOne: { Name: "Region" } },
      }),
    );
    await client.send(new CreateUserHierarchyGroupCommand({ InstanceId, Name: "EMEA" }));
    await client.send(
      new CreateUserCommand({
        InstanceId,
        Username: "eva",
        Password: "Passw0rd-",
        IdentityInfo: { FirstName: "Eva", LastName: "Gil" },
        SecurityProfileIds: [instance?.securityProfiles[0]?.id ?? ""],
        RoutingProfileId: instance?.routingProfiles[0]?.id,
      }),
    );
    const { UserSummaryList } = await client.send(new ListUsersCommand({ InstanceId, MaxResults: 1 }));
    await client.send(new DeleteUserCommand({ InstanceId, UserId: UserSummaryList?.[0]?.Id }));
    const ContactId = simulator.arrive({ queue: "Sales" }) ?? "";
    await client.send(new TagContactCommand({ InstanceId, ContactId, Tags: { team: "red" } }));
    await simulator.stop();

    const after = await begin(dataDir);
    const { UserSummaryList: users = [] } = await after.client.send(new ListUsersCommand({ InstanceId }));
    expect(users.map(({ Username }) => Username)).toEqual(
      ["ana-0002", "ana-0003", "ana-0004", "ana-0005"].concat([
        "bo-0001",
        "bo-0002",
        "bo-0003",
        "bo-0004",
        "eva",
      ]),
    );
    const structure = await after.client.send(new DescribeUserHierarchyStructureCommand({ InstanceId }));
    expect(structure.HierarchyStructure?.LevelOne?.Name).toBe("Region");
    const groups = await after.client.send(new ListUserHierarchyGroupsCommand({ InstanceId }));
    expect(groups.UserHierarchyGroupSummaryList).toMatchObject([{ Name: "EMEA" }]);
    expect((await after.describe(ContactId)).Tags).toMatchObject({ team: "red" });

    after.simulator.reset();
    const { UserSummaryList: again = [] } = await after.client.send(new ListUsersCommand({ InstanceId }));
    expect(again.map(({ Username }) => Username)).toContain("ana-0001");
  });
});

describe("a seed", () => {
  it("gives the same day again, and another seed another", async () => {
    const day = async (seed: number, steps: number[]) => {
      const one = await aCentre({ seed, startAt: midnight, activeCalls: 200, centre });
      for (const step of steps) await one.advance(step);
      return sorted(one.simulator.books());
    };
    const once = await day(1, [7200]);
    expect(await day(1, [3600, 1800, 1799, 1])).toEqual(once);
    expect(await day(2, [7200])).not.toEqual(once);
  });
});
