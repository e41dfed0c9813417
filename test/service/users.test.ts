import { readFileSync } from "node:fs";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserCommand } from "../../lib/roster/user-command.ts";
import { type RunningService, startService } from "../support/running-service.ts";

const sample = (name: string): UserCommand =>
  JSON.parse(readFileSync(`events/user-commands/${name}.json`, "utf8"));

describe("user commands, on the running service", () => {
  let service: RunningService;
  beforeAll(async () => {
    service = await startService({
      visibilityTimeout: 5,
      environment: {
        USERS_SETTLE_SECONDS: "0",
        INACTIVE_ROUTING_PROFILE: "Basic Routing Profile",
        INACTIVE_SECURITY_PROFILE: "QualityAnalyst",
      },
    });
  });
  afterAll(() => service.end());

  const simulator = () => service.stack.simulator;
  const writes = () =>
    simulator()
      .requests()
      .filter(({ operation }) => /^(Create|Update|Delete)User/.test(operation ?? ""))
      .map(({ operation }) => operation);
  let number = 0;
  const send = async (command: UserCommand) => {
    number += 1;
    await service.stack.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: service.stack.env["USER_COMMANDS_QUEUE_URL"],
        MessageBody: JSON.stringify(command),
        MessageGroupId: command.username,
        MessageDeduplicationId: `users-${number}`,
      }),
    );
  };
  /** @returns the requests that changed something since */
  const applied = async (...commands: UserCommand[]) => {
    const before = writes().length;
    for (const command of commands) await send(command);
    const isEmpty = async () => (await service.depth("USER_COMMANDS_QUEUE_URL")) === 0;
    await service.waitFor("the queue to be empty", isEmpty);
    return writes().slice(before);
  };
  const create = sample("01-create");

  it("create, leave alone, change in part and delete", async () => {
    expect(await applied(create, create)).toEqual(["CreateUser"]);
    expect(await applied(sample("02-desk-phone-and-more-rights"))).toEqual([
      "UpdateUserPhoneConfig",
      "UpdateUserSecurityProfiles",
    ]);
    expect(await applied(sample("04-delete"))).toEqual(["DeleteUser"]);
  });

  it("make one user although the reply was lost", async () => {
    simulator().faults({ operation: "CreateUser", kind: "reply-lost", count: 1 });
    expect(await applied({ ...create, username: "bo" })).toEqual(["CreateUser"]);
    expect(await applied({ ...create, username: "bo" })).toEqual([]);
  });

  it("take the rights of who is not active any more", async () => {
    const { user } = create as Extract<UserCommand, { user: unknown }>;
    const of = { commandId: "c", username: "cy" };
    await applied({ ...of, user });
    expect(await applied({ ...of, user: { ...user, active: false } })).toEqual([
      "UpdateUserSecurityProfiles",
    ]);
  });

  it("that cannot be carried out are kept with the reason, and so is what is no command", async () => {
    expect(await applied(sample("03-unknown-name"), sample("05-wrong"))).toEqual([]);
    expect(await service.depth("USER_COMMANDS_DLQ_URL")).toBe(2);
    const { Messages = [] } = await service.stack.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: service.stack.env["USER_COMMANDS_DLQ_URL"],
        MessageAttributeNames: ["reason"],
        MessageSystemAttributeNames: ["MessageGroupId"],
        MaxNumberOfMessages: 10,
      }),
    );
    // A redrive brings them back into the group of their user.
    const groups = Messages.map(({ Attributes }) => Attributes?.["MessageGroupId"]);
    expect(new Set(groups)).toEqual(new Set(["ana"]));
    const reasons = Messages.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue);
    expect(reasons).toContain(
      'there is no routing profile "Basic Routing Profiles"; there is "Basic Routing Profile"',
    );
  });

  it("leave no password and no name in the logs", () => {
    expect(service.logs()).toContain("hr-4711");
    for (const personal of ["Ruiz", "ana.ruiz@example.com", "Aa1"])
      expect(service.logs()).not.toContain(personal);
  });
});
