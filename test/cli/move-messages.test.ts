import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { moveMessages } from "../../cli/move-messages.ts";

const messages = (what: string, count: number): Message[] =>
  Array.from({ length: count }, (_, n) => ({ MessageId: `${what}-${n}`, ReceiptHandle: "h", Body: what }));

/** Stands for a queue so long that what was received first can be received again before the last of it is. */
function aLongQueue(...receives: Message[][]) {
  const sent: string[] = [];
  const send = async (command: unknown) => {
    if (command instanceof ReceiveMessageCommand) return { Messages: receives.shift() ?? [] };
    if (command instanceof SendMessageBatchCommand) {
      sent.push(...(command.input.Entries ?? []).map(({ MessageBody = "" }) => MessageBody));
      return { Successful: command.input.Entries };
    }
    if (command instanceof DeleteMessageBatchCommand) return { Successful: command.input.Entries };
    return {};
  };
  return { sent, client: { send } as unknown as SQSClient };
}

it("what is to stay and comes round again does not hide what has not come yet", async () => {
  const others = messages("other", 10);
  const { client, sent } = aLongQueue(others, others, others, messages("mine", 10));
  const moved = await moveMessages(client, "from", "to", {
    limit: Number.POSITIVE_INFINITY,
    about: 20,
    pick: (message) => (message.Body === "mine" ? message : undefined),
  });
  expect(moved).toEqual({ moved: 10, came: 0 });
  expect(sent).toHaveLength(10);
});

it("nothing goes on for ever where only what is to stay comes", async () => {
  const others = messages("other", 10);
  const { client } = aLongQueue(...Array.from({ length: 1_000 }, () => others));
  expect(await moveMessages(client, "from", "to", { limit: 5, about: 10, pick: () => undefined })).toEqual({
    moved: 0,
    came: 0,
  });
});
