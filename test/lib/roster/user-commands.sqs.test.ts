import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sqs } from "../../../lib/edge/clients.ts";
import type { Again } from "../../../lib/roster/user-command.ts";
import { SqsUserCommands } from "../../../lib/roster/user-commands.sqs.ts";
import { type Emulators, startEmulators } from "../../support/emulators.ts";

let emulators: Emulators;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());

it("sends a command again whatever its text is made of", async () => {
  const QueueUrl = String(emulators.env["USER_COMMANDS_QUEUE_URL"]);
  const username = "Ana \u{1f600} \uffff";
  const again: Again = {
    command: { commandId: "c-1", username, delete: true },
    order: "1".repeat(40),
    tries: 2,
  };
  await new SqsUserCommands(sqs, QueueUrl).send(again);
  const { Messages = [] } = await sqs().send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages.map(({ Body = "" }) => JSON.parse(Body))).toEqual([again]);
});
