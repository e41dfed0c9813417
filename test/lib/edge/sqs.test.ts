import type { Context, SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { onSqs } from "../../../lib/edge/sqs.ts";

type Result = { kind: "done" } | { kind: "waiting" } | { kind: "failed"; error: unknown };
const afterwards = { done: "delete", waiting: "deliver again", failed: "deliver again" } as const;
const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
const event = (...ids: string[]) =>
  ({
    Records: ids.map((messageId) => ({
      messageId,
      body: "{}",
      attributes: { ApproximateReceiveCount: "1" },
    })),
  }) as SQSEvent;
const answering = (results: Record<string, Result>) =>
  onSqs<Result>(async () => new Map(Object.entries(results)), afterwards);

describe("a function of a queue", () => {
  it("hands back what is to be delivered again, and only that", async () => {
    const handler = answering({
      a: { kind: "done" },
      b: { kind: "waiting" },
      c: { kind: "failed", error: new Error() },
    });
    const { batchItemFailures } = await handler(event("a", "b", "c"), context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: "b" }, { itemIdentifier: "c" }]);
  });

  it("hands back a message that the story has no result for, and names none that was not in the event", async () => {
    const { batchItemFailures } = await answering({ other: { kind: "waiting" } })(event("a"), context);
    expect(batchItemFailures).toEqual([{ itemIdentifier: "a" }]);
  });

  it("answers an empty batch with an empty list", async () => {
    expect(await answering({})(event(), context)).toEqual({ batchItemFailures: [] });
  });

  it("fails as a whole when the story throws, so that nothing is deleted", async () => {
    const handler = onSqs<Result>(() => Promise.reject(new Error("no table")), afterwards);
    await expect(handler(event("a"), context)).rejects.toThrow("no table");
  });
});
