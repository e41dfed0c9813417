import { readFileSync } from "node:fs";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DynamoChangeReader } from "../../lib/roster/change-reader.dynamodb.ts";
import { orderOf } from "../../lib/roster/ledger.ts";
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
  /** Of the messages, as SQS numbered them. */
  const orders: string[] = [];
  const send = async (command: UserCommand) => {
    number += 1;
    const { SequenceNumber = "" } = await service.stack.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: service.stack.env["USER_COMMANDS_QUEUE_URL"],
        MessageBody: JSON.stringify(command),
        MessageGroupId: command.username,
        MessageDeduplicationId: `users-${number}`,
      }),
    );
    orders.push(SequenceNumber);
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
  const changesOf = (username: string) => {
    const table = String(service.stack.env["USER_CHANGES_TABLE"]);
    return new DynamoChangeReader(service.stack.clients.dynamoDb, table).list(username, 100);
  };

  it("create, leave alone, change in part and delete", async () => {
    expect(await applied(create, create)).toEqual(["CreateUser"]);
    expect(await applied(sample("02-desk-phone-and-more-rights"))).toEqual([
      "UpdateUserPhoneConfig",
      "UpdateUserSecurityProfiles",
    ]);
    expect(await applied(sample("04-delete"))).toEqual(["DeleteUser"]);
  });

  it("are on record with what they changed, in names, by the very order that SQS gave the message", async () => {
    const changes = await changesOf("ana");
    expect(changes.map(({ commandId, state }) => [commandId, state])).toEqual([
      ["hr-4714", "deleted"],
      ["hr-4712", "updated"],
      ["hr-4711", "unchanged"],
      ["hr-4711", "created"],
    ]);
    expect(changes.map(({ order }) => order)).toEqual(orders.map(orderOf).toReversed());
    expect(changes[1]).toMatchObject({
      source: "hr",
      reason: "more rights",
      changes: [
        {
          part: "phone",
          before: { type: "SOFT_PHONE", autoAccept: false, afterContactWorkSeconds: 30 },
          after: { type: "DESK_PHONE", afterContactWorkSeconds: 0, deskNumber: "+12065550142" },
        },
        { part: "security-profiles", before: ["Agent"], after: ["Agent", "CallCenterManager"] },
      ],
    });
    expect(JSON.stringify(changes)).not.toContain("Aa1");
  });

  it("are announced, without values", async () => {
    const told = () => service.notices.filter(({ type }) => type === "user-changed");
    await service.waitFor("four notices", () => told().length >= 4);
    const updated = told().find(({ state }) => state === "updated");
    expect(updated).toMatchObject({
      username: "ana",
      commandId: "hr-4712",
      source: "hr",
      reason: "more rights",
      parts: ["phone", "security-profiles"],
    });
    expect(JSON.stringify(told())).not.toMatch(/Ruiz|CallCenterManager|\+1206/);
  });

  it("make one user although the reply was lost, who is on record as created", async () => {
    simulator().faults({ operation: "CreateUser", kind: "reply-lost", count: 1 });
    expect(await applied({ ...create, username: "bo" })).toEqual(["CreateUser"]);
    expect(await changesOf("bo")).toMatchObject([{ state: "created" }]);
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
