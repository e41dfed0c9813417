import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Intake } from "../../lib/intake/intake.ts";
import { type FitMessage, kinds, type MessageKind } from "../../lib/intake/message.ts";
import type { Held } from "./intake-queues.ts";

export interface Faults {
  /** Bytes: a longer message is not taken. */
  longest?: number;
  /** Of which nothing is taken. */
  down?: MessageKind;
}

interface Subject {
  intake: Intake;
  held(kind: MessageKind): Held[];
}

export const aMessage = (kind: MessageKind, id: string, fields: Partial<FitMessage> = {}): FitMessage => ({
  kind,
  id,
  body: JSON.stringify({ id }),
  ...(kind === "attribute-update" && { group: "contact-1" }),
  ...(kind === "user-command" && { group: "ana" }),
  ...fields,
});

/** What callers rely on, of the queues and of whatever stands in for them. */
export function intakeContract(make: (faults?: Faults) => Subject): void {
  const bodies = (held: Held[]) => held.map(({ body }) => body);
  const numbered = (kind: MessageKind, count: number) =>
    Array.from({ length: count }, (_, index) => aMessage(kind, `m-${index}`));

  describe("keeps the promises of the intake", () => {
    it("puts each message into the queue of its kind, and says so in the order of the messages", async () => {
      const { intake, held } = make();
      const messages = kinds.map((kind) => aMessage(kind, `of ${kind}`));
      expect(await intake.put(messages)).toEqual(kinds.map(() => true));
      expect(kinds.map((kind) => bodies(held(kind)))).toEqual(messages.map(({ body }) => [body]));
    });

    it("takes as many as there are", async () => {
      const { intake, held } = make();
      const messages = numbered("call-request", 205);
      expect(await intake.put(messages)).toEqual(messages.map(() => true));
      expect(bodies(held("call-request")).sort()).toEqual(messages.map(({ body }) => body).sort());
      expect(await intake.put([])).toEqual([]);
    });

    it.each(["attribute-update", "user-command"] as const)("keeps the order of each %s", async (kind) => {
      const { intake, held } = make();
      const messages = numbered(kind, 35);
      await intake.put(messages);
      expect(bodies(held(kind))).toEqual(messages.map(({ body }) => body));
    });

    it("holds an update or command once that is sent twice, and everything else as often as it is sent", async () => {
      const { intake, held } = make();
      const messages = kinds.map((kind) => aMessage(kind, "twice"));
      await intake.put(messages);
      expect(await intake.put(messages)).toEqual(kinds.map(() => true));
      expect(kinds.map((kind) => held(kind).length)).toEqual([2, 2, 1, 1]);
    });

    it("says which messages of a batch were not taken, and keeps the others", async () => {
      const { intake, held } = make({ longest: 1_024 });
      const tooLong = aMessage("stop-request", "too long", { body: "x".repeat(1_025) });
      const [first, last] = [aMessage("stop-request", "first"), aMessage("stop-request", "last")];
      expect(await intake.put([first, tooLong, last])).toEqual([true, false, true]);
      expect(bodies(held("stop-request"))).toEqual([first.body, last.body]);
    });

    it.each(kinds)("keeps what the other queues take when that of %ss is out of order", async (down) => {
      const { intake, held } = make({ down });
      const messages = kinds.flatMap((kind) => numbered(kind, 12));
      const taken = await intake.put(messages);
      expect(taken).toEqual(messages.map(({ kind }) => kind !== down));
      for (const kind of kinds) expect(held(kind)).toHaveLength(kind === down ? 0 : 12);
    });

    it("holds what it says it has taken and nothing else, in whatever mixture it comes", async () => {
      const message = fc
        .tuple(fc.constantFrom(...kinds), fc.boolean())
        .map(([kind, long]) => (id: number) => {
          return aMessage(kind, `m-${id}`, { body: `${id} ${"x".repeat(long ? 1_100 : 10)}` });
        });
      await fc.assert(
        fc.asyncProperty(fc.array(message, { maxLength: 40 }), async (makers) => {
          const { intake, held } = make({ longest: 1_024 });
          const messages = makers.map((of, index) => of(index));
          const taken = await intake.put(messages);
          const kept = messages.filter((_, index) => taken[index]).map(({ body }) => body);
          expect(kinds.flatMap((kind) => bodies(held(kind))).sort()).toEqual(kept.sort());
          expect(taken).toEqual(messages.map(({ body }) => body.length <= 1_024));
        }),
        { seed: 7, numRuns: 25 },
      );
    });
  });
}
