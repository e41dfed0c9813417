import { expect, it } from "vitest";
import { aMessage, intakeContract } from "../../support/intake-contract.ts";
import { IntakeInMemory } from "../../support/intake-in-memory.ts";

intakeContract(({ longest = Number.POSITIVE_INFINITY, down } = {}) => {
  const intake = new IntakeInMemory({ refuses: ({ kind, body }) => kind === down || body.length > longest });
  return { intake, held: (kind) => intake.messages.filter((message) => message.kind === kind) };
});

it("throws at the messages that it is told to throw at, and takes none of the others with them", async () => {
  const intake = new IntakeInMemory({ throws: ({ id }) => id === "bad" });
  const messages = [aMessage("call-request", "good"), aMessage("call-request", "bad")];
  await expect(intake.put(messages)).rejects.toThrow("out of order");
  expect(intake.messages).toEqual([]);
});
