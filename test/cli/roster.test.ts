import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { sqs } from "../../lib/edge/clients.ts";
import { readUserCommand } from "../../lib/roster/user-command.ts";
import { type ConnectSimulator, startConnectSimulator } from "../../local/connect-simulator/simulator.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runCli } from "./run-cli.ts";

const sample = (name: string) => resolve("events/roster", name);

let emulators: Emulators;
let simulator: ConnectSimulator;
beforeAll(async () => {
  emulators = await startEmulators();
  simulator = await startConnectSimulator({
    centre: { instances: [{ users: [{ username: "dan" }] }] },
    keys: [{ accessKeyId: "stand-in", secretAccessKey: "stand-in" }],
  });
});
afterAll(async () => {
  await simulator.stop();
  await emulators.stop();
});

const cli = (args: string[], input = "", env = {}) =>
  runCli(
    ["roster", ...args],
    {
      ...emulators.env,
      AWS_ENDPOINT_URL_CONNECT: simulator.url,
      CONNECT_INSTANCE_ID: simulator.instanceId,
      ...env,
    },
    { input },
  ).ran;

describe("a file", () => {
  it("in which anything is wrong is used for nothing, and every problem is told with its line", async () => {
    const { code, stdout, stderr } = await cli(["plan", sample("04-wrong.yaml")]);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    const file = sample("04-wrong.yaml");
    expect(stderr.trim().split("\n")).toEqual([
      `${file}:2: "ana": there is no routing profile "Basic Routing Profiles"; there is "Basic Routing Profile"`,
      `${file}:7: identity.lastName is missing`,
      `${file}:12: phone needs a deskNumber for a DESK_PHONE`,
      `${file}:14: securityProfiles must have 1 to 10 entries`,
      `${file}:15: "somebody-with-a-long-name": username must have at most 20 characters where users are CONNECT_MANAGED`,
      `${file} has 5 problems: nothing was done.`,
    ]);
  });

  it.each([
    [["plan"], "missing required argument"],
    [["plan", "no-such-file.csv"], "There is no file no-such-file.csv."],
    [["drift", "package.json"], "must end with .yaml, .yml or .csv"],
    [["plan", sample("01-team.yaml"), "--prune", "--deactivate-unmanaged"], "cannot be used with"],
    [["drift", sample("01-team.yaml"), "--skip-emails", "--deactivate-unmanaged"], "cannot be used with"],
    [["plan", sample("01-team.yaml"), "--deactivate-unmanaged"], "INACTIVE_ROUTING_PROFILE"],
  ])("%j fails with 1, for 2 would mean that there are differences", async (args, why) => {
    const { code, stderr } = await cli(args);
    expect(code).toBe(1);
    expect(stderr).toContain(why);
  });

  it("in another encoding than UTF-8 is no file of users: names would become others", async () => {
    const folder = mkdtempSync(join(tmpdir(), "contact-automation-roster-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "latin-1.csv");
    const rows =
      "username,firstName,lastName,routingProfile,securityProfiles\neva,Eva,Muñoz,Basic Routing Profile,Agent\n";
    writeFileSync(file, rows, "latin1");
    const { code, stderr } = await cli(["plan", file]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${file} is not in UTF-8: save it in that encoding.\n`,
    });
  });

  it("of an instance that there is not, is planned for nobody, and that is what is told", async () => {
    const nowhere = { CONNECT_INSTANCE_ID: "5ca1ab1e-0000-4000-8000-0000000000ff" };
    for (const command of [["plan", sample("01-team.yaml")], ["export"]]) {
      const { code, stderr } = await cli(command, "", nowhere);
      expect(code).toBe(1);
      expect(stderr).toContain("check CONNECT_INSTANCE_ID");
    }
  });

  it("tells its plan to people and to machines", async () => {
    const { code, stdout } = await cli(["plan", sample("02-team.csv")]);
    expect(code).toBe(2);
    expect(stdout.split("\n")).toEqual([
      "+  ana  created  Basic Routing Profile",
      "+  bo   created  Basic Routing Profile",
      "+  cy   created  Basic Routing Profile",
      "3 to create, 0 to change, 0 as described.",
      "1 not in the file, and left as they are: dan.",
      "To apply it takes a few seconds, at 2 of each request a second.",
      "",
    ]);
    const machine = JSON.parse((await cli(["plan", sample("01-team.yaml"), "--json", "--prune"])).stdout);
    expect(machine).toMatchObject({
      differs: true,
      created: [{ username: "ana" }, { username: "bo" }, { username: "cy" }],
      deleted: ["dan"],
      untouched: 0,
    });
  });
});

it("what is exported is a file as any other", async () => {
  const { code, stdout, stderr } = await cli(["export", "--format", "csv"]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const [header, ...users] = stdout.trim().split("\n");
  expect(header).toMatch(/^username,firstName,lastName,email,/);
  expect(users).toEqual([expect.stringMatching(/^dan,Agent,/)]);
});

describe("before anything is sent", () => {
  const sent = async () => {
    const { Messages = [] } = await sqs().send(
      new ReceiveMessageCommand({
        QueueUrl: emulators.env["USER_COMMANDS_QUEUE_URL"],
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["MessageGroupId", "SequenceNumber"],
      }),
    );
    return Messages;
  };

  it.each([
    ["no", [], "no\n"],
    ["nobody", [], ""],
    ["a yes where a number is asked for", ["--prune"], "yes\n"],
    ["another number", ["--prune"], "2\n"],
  ])("somebody has to agree: not so %s", async (_, options, input) => {
    const { code, stderr } = await cli(["apply", sample("01-team.yaml"), ...options], input);
    expect(code).toBe(3);
    expect(stderr).toContain("Nothing was done.");
    expect(await sent()).toEqual([]);
  });

  it("of many deletions it has to be said how many there may be", async () => {
    const { code, stderr } = await cli(["apply", sample("01-team.yaml"), "--prune", "--yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain("1 user of Connect will be deleted for good: --yes alone is not enough");
    expect(await sent()).toEqual([]);
  });

  it("and then each user's command is, in the group of the user", async () => {
    const { child, ran } = runCli(
      ["roster", "apply", sample("01-team.yaml"), "--prune", "--reason", "spring intake"],
      {
        ...emulators.env,
        AWS_ENDPOINT_URL_CONNECT: simulator.url,
        CONNECT_INSTANCE_ID: simulator.instanceId,
      },
      { input: "1\n" },
    );
    const commands: unknown[] = [];
    while (commands.length < 4)
      for (const { Body = "", Attributes = {} } of await sent()) {
        const fifo = {
          group: String(Attributes["MessageGroupId"]),
          sequenceNumber: String(Attributes["SequenceNumber"]),
        };
        commands.push(readUserCommand({ messageId: "m", body: Body, redelivered: false, fifo }));
      }
    child.kill();
    await ran;
    const about = { source: "roster", reason: "spring intake" };
    expect(commands).toMatchObject(
      [
        { username: "ana", user: { identity: { email: "ana.ruiz@example.com" } } },
        { username: "bo", user: { securityProfiles: ["Agent", "CallCenterManager"] } },
        { username: "cy", user: { phone: { type: "DESK_PHONE", deskNumber: "+12065550142" } } },
        { username: "dan", delete: true },
      ].map((command) => ({ kind: "command", again: { command: { ...about, ...command } } })),
    );
  });
});
