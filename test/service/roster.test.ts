import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ConnectClient,
  DeleteUserCommand,
  SearchUsersCommand,
  UpdateUserIdentityInfoCommand,
  UpdateUserPhoneConfigCommand,
} from "@aws-sdk/client-connect";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeRoster } from "../../lib/roster/plan/read-roster.ts";
import type { DesiredUser } from "../../lib/roster/user-command.ts";
import type { ConnectSimulatorOptions } from "../../local/connect-simulator/simulator.ts";
import { runCli } from "../cli/run-cli.ts";
import { type RunningService, startService } from "../support/running-service.ts";

/** So fast that the machine is what binds. */
const pace = { CONNECT_USERS_RATE_PER_SECOND: "1000", CONNECT_USERS_BURST: "100" };
const inactive = { INACTIVE_ROUTING_PROFILE: "Nobody", INACTIVE_SECURITY_PROFILE: "None" };
const unlimited = { rate: 1_000_000, burst: 1_000_000 };
const operations = [
  "DescribeInstance",
  "ListUsers",
  "SearchUsers",
  "DescribeUser",
  "DescribeUserHierarchyGroup",
  "CreateUser",
  "DeleteUser",
  "UpdateUserIdentityInfo",
  "UpdateUserPhoneConfig",
  "UpdateUserRoutingProfile",
  "UpdateUserSecurityProfiles",
  "UpdateUserHierarchy",
] as const;
const simulated: ConnectSimulatorOptions = {
  quotas: Object.fromEntries(operations.map((operation) => [operation, unlimited])),
  centre: {
    instances: [
      {
        limits: { users: 5_000 },
        users: [],
        routingProfiles: ["Sales", "Support", "Nobody"].map((name) => ({ name, queues: [] })),
        securityProfiles: ["Agent", "Quality; and Training", "None"],
        hierarchy: {
          levels: ["Region", "Site"],
          groups: [{ name: "EMEA", groups: ["Madrid", "24/7"] }, { name: "AMER" }],
        },
      },
    ],
  },
};

const anEntry = (index: number, changes: Partial<DesiredUser> = {}) => ({
  username: `agent-${String(index).padStart(4, "0")}`,
  user: {
    identity: { firstName: `First ${index}`, lastName: "Élan", email: `agent${index}@example.com` },
    phone:
      index % 5 === 0
        ? { type: "DESK_PHONE", autoAccept: false, afterContactWorkSeconds: 0, deskNumber: "+12065550142" }
        : { type: "SOFT_PHONE", autoAccept: true, afterContactWorkSeconds: 30 },
    routingProfile: index % 2 === 0 ? "Sales" : "Support",
    securityProfiles: index % 3 === 0 ? ["Agent", "Quality; and Training"] : ["Agent"],
    ...(index % 4 !== 0 && { hierarchy: index % 4 === 1 ? ["EMEA", "24/7"] : ["AMER"] }),
    active: true,
    ...changes,
  } satisfies DesiredUser,
});
const entries = (count: number) => Array.from({ length: count }, (_, index) => anEntry(index + 1));

let service: RunningService;
let connect: ConnectClient;
let folder: string;
beforeAll(async () => {
  service = await startService({
    visibilityTimeout: 3,
    environment: { USERS_SETTLE_SECONDS: "0", ...pace, ...inactive },
    simulator: simulated,
  });
  folder = mkdtempSync(join(tmpdir(), "contact-automation-roster-"));
  connect = new ConnectClient({
    endpoint: service.stack.simulator.url,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});
afterAll(async () => {
  connect.destroy();
  rmSync(folder, { recursive: true });
  await service.end();
});

const start = (args: string[], env = {}) =>
  runCli(["roster", ...args], { ...service.stack.env, ...pace, ...inactive, ...env }, { cwd: folder });
const roster = async (...args: string[]) => start(args).ran;
const applied = async (...args: string[]) => {
  const ran = await roster("apply", ...args, "--yes", "--json");
  return { ...ran, document: JSON.parse(ran.stdout) };
};
/** @returns its name */
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return name;
};
const requests = (operation: RegExp) =>
  service.stack.simulator.requests().filter((request) => operation.test(request.operation ?? ""));
const writes = () => requests(/^(Create|Update|Delete)User/);
const InstanceId = () => service.stack.simulator.instanceId;
const idOf = async (username: string) => {
  const StringCondition = { FieldName: "Username", Value: username, ComparisonType: "EXACT" as const };
  const { Users: [user] = [] } = await connect.send(
    new SearchUsersCommand({ InstanceId: InstanceId(), SearchCriteria: { StringCondition } }),
  );
  return user?.Id ?? "";
};

describe("a roster", () => {
  it("is applied, drifts by hand, is mended, exported and emptied", async () => {
    const team = file("team.csv", writeRoster("csv", entries(25)));
    const plan = await roster("plan", team);
    expect(plan.code).toBe(2);
    expect(plan.stdout).toContain("25 to create, 0 to change, 0 as described.");
    expect(writes()).toEqual([]);

    const first = await applied(team, "--reason", "spring intake");
    expect(first.stderr).toContain("25 to create");
    expect(first).toMatchObject({ code: 0, document: { counts: { created: 25 }, refused: [] } });

    // What SearchUsers tells of, and what it does not.
    const UserId = await idOf("agent-0001");
    await connect.send(
      new UpdateUserIdentityInfoCommand({
        InstanceId: InstanceId(),
        UserId,
        IdentityInfo: { FirstName: "First 1", LastName: "Élan", Email: "other@example.com" },
      }),
    );
    await connect.send(
      new UpdateUserPhoneConfigCommand({
        InstanceId: InstanceId(),
        UserId: await idOf("agent-0002"),
        PhoneConfig: { PhoneType: "SOFT_PHONE", AutoAccept: true, AfterContactWorkTimeLimit: 31 },
      }),
    );
    await connect.send(new DeleteUserCommand({ InstanceId: InstanceId(), UserId: await idOf("agent-0003") }));

    const drift = await roster("drift", team, "--json");
    expect(drift.code).toBe(2);
    expect(drift.stdout).not.toContain("example.com");
    expect(JSON.parse(drift.stdout)).toMatchObject({
      differs: true,
      created: ["agent-0003"],
      changed: [
        { username: "agent-0001", parts: ["identity"] },
        { username: "agent-0002", parts: ["phone"] },
      ],
      untouched: 22,
    });
    const { stdout } = await roster("plan", team);
    expect(stdout).toContain("email other@example.com → email agent1@example.com");
    expect(stdout).toContain("afterContactWorkSeconds 31 → afterContactWorkSeconds 30");
    const before = writes().length;
    const mended = await applied(team);
    expect(mended).toMatchObject({ code: 0, document: { counts: { created: 1, updated: 2 } } });
    expect(
      writes()
        .slice(before)
        .map(({ operation }) => operation)
        .toSorted(),
    ).toEqual(["CreateUser", "UpdateUserIdentityInfo", "UpdateUserPhoneConfig"]);

    for (const format of ["yaml", "csv"]) {
      const exported = await roster("export", "--format", format);
      expect(exported.code).toBe(0);
      const again = await roster("plan", file(`exported.${format}`, exported.stdout));
      expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("25 as described") });
    }
  });

  it("says who is refused and why, and ends badly", async () => {
    service.stack.simulator.faults({
      operation: "CreateUser",
      kind: "refuse",
      status: 400,
      error: "InvalidParameterException",
    });
    const one = file("one.yaml", writeRoster("yaml", [anEntry(26)]));
    const refused = await roster("apply", one, "--yes");
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("agent-0026 was refused: CreateUser: InvalidParameterException");
    expect(refused.stdout).toContain("25 not in the file, and left as they are");
    expect((await applied(one)).document).toMatchObject({ counts: { created: 1 } });
  });

  it("deactivates or deletes who is not in the file when told, and no more than may be", async () => {
    const team = file("team.yaml", writeRoster("yaml", entries(24)));
    const before = writes().length;
    const prune = ["--prune", "--at-most", "1"];
    expect(await roster("apply", team, ...prune, "--yes")).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("2 users of Connect will be deleted for good, and at most 1 may be"),
    });
    // Nobody is there to answer.
    expect(await roster("apply", team, "--prune")).toMatchObject({ code: 3 });
    expect(writes()).toHaveLength(before);

    const off = await applied(team, "--deactivate-unmanaged", "--at-most", "2");
    expect(off.document).toMatchObject({ counts: { updated: 2 } });
    expect(await roster("drift", team, "--deactivate-unmanaged")).toMatchObject({ code: 0 });
    const gone = await applied(team, "--prune", "--at-most", "2");
    expect(gone.document).toMatchObject({ counts: { deleted: 2 } });
  });
});

it("of 2,000 users, with everything killed ten times, ends as described, and each was created once", async () => {
  const UserIds = (
    await connect.send(new SearchUsersCommand({ InstanceId: InstanceId(), MaxResults: 500 }))
  ).Users?.map(({ Id }) => Id);
  for (const UserId of UserIds ?? [])
    await connect.send(new DeleteUserCommand({ InstanceId: InstanceId(), UserId }));
  // Nobody subscribes to what 2,000 notices tell.
  await service.stack.pause("fan-out-notice");
  const count = 2_000;
  const all = file("all.csv", writeRoster("csv", entries(count)));
  const creations = () =>
    service.stack.simulator
      .requests()
      .reduce(
        (sum, { operation, status }) => sum + (operation === "CreateUser" && status === 200 ? 1 : 0),
        0,
      );
  const from = creations();
  const created = () => creations() - from;
  const random = seeded(20_261_126);
  // So slow that it has only a part of the roster under way when it is killed.
  const begin = () =>
    start(["apply", all, "--yes", "--skip-emails"], { CONNECT_USERS_RATE_PER_SECOND: "40" });
  let cli = begin();
  const killed = { cli: 0, workers: 0 };
  for (let kill = 1; kill <= 10; kill += 1) {
    const enough = Math.min(count - 100, created() + Math.ceil(random() * 300));
    await service.waitFor("some to be created", () => created() >= enough, 60_000);
    const victims = random();
    if (victims < 2 / 3) killed.workers += service.stack.kill("apply-user");
    if (victims > 1 / 3) {
      cli.child.kill("SIGKILL");
      expect(await cli.ran).toMatchObject({ code: null });
      killed.cli += 1;
      cli = begin();
    }
  }
  expect(killed.cli).toBeGreaterThan(4);
  expect(killed.workers).toBeGreaterThan(4);

  expect(await cli.ran).toMatchObject({ code: 0 });
  expect(created()).toBe(count);
  const before = writes().length;
  expect(await applied(all, "--skip-emails")).toMatchObject({
    code: 0,
    document: { plan: { differs: false, untouched: count, unmanaged: [] } },
  });
  expect(writes()).toHaveLength(before);
  // E-mail addresses are read one by one.
  const some = file(
    "some.csv",
    writeRoster(
      "csv",
      entries(count).filter(() => random() < 0.1),
    ),
  );
  expect(await roster("plan", some)).toMatchObject({ code: 0 });
}, 600_000);

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
