import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCentre, minutes } from "./support.ts";

const days = (count: number): number => count * 86_400;
const busy = "+12065550150";

describe("a ClientToken", () => {
  it("gives the same contact again while its call is active", async () => {
    const centre = await aCentre({ activeCalls: 1 });

    const first = await centre.call({ ClientToken: "t-1" });
    await centre.advance(5);

    expect(await centre.call({ ClientToken: "t-1" })).toBe(first);
    expect(centre.simulator.contacts()).toHaveLength(1);
  });

  it("gives one contact to requests that come at once", async () => {
    const centre = await aCentre();

    const ids = await Promise.all(Array.from({ length: 20 }, () => centre.call({ ClientToken: "t-1" })));

    expect(new Set(ids).size).toBe(1);
  });

  it("starts a new call after the disconnect, by default", async () => {
    const centre = await aCentre();
    const first = await centre.call({ ClientToken: "t-1", DestinationPhoneNumber: busy });
    await centre.advance(minutes(2));

    expect(await centre.call({ ClientToken: "t-1" })).not.toBe(first);
  });

  it("stays taken for 7 days when the switch says so", async () => {
    const centre = await aCentre({ deviations: { tokenAfterDisconnect: "same-contact" } });
    const first = await centre.call({ ClientToken: "t-1", DestinationPhoneNumber: busy });

    await centre.advance(days(7) - 1);
    expect(await centre.call({ ClientToken: "t-1" })).toBe(first);
    await centre.advance(1);
    expect(await centre.call({ ClientToken: "t-1" })).not.toBe(first);
  });

  it("is refused when it is empty or longer than 500 characters", async () => {
    const centre = await aCentre();

    for (const ClientToken of ["", "x".repeat(501)]) {
      await expect(centre.call({ ClientToken })).rejects.toMatchObject({ name: "InvalidParameterException" });
    }
  });

  it.each(["new-contact", "same-contact"] as const)(
    "never stands for two live contacts (%s)",
    async (tokenAfterDisconnect) => {
      const step = fc.oneof(
        fc.record({ call: fc.constantFrom("a", "b"), to: fc.constantFrom("+12065550100", busy) }),
        fc.record({ advance: fc.integer({ min: 1, max: 200_000 }) }),
        fc.record({ stop: fc.constantFrom("a", "b") }),
      );
      const centre = await aCentre({ deviations: { tokenAfterDisconnect } });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          centre.simulator.reset();
          for (const one of steps) {
            if ("call" in one) await centre.call({ ClientToken: one.call, DestinationPhoneNumber: one.to });
            else if ("advance" in one) await centre.advance(one.advance);
            else await stopTheCallOf(one.stop);
            const live = centre.simulator.contacts().filter(({ disconnectedAt }) => disconnectedAt === null);
            expect(new Set(live.map(({ clientToken }) => clientToken)).size).toBe(live.length);
          }
        }),
        { numRuns: 40, seed: 5 },
      );

      async function stopTheCallOf(token: string): Promise<void> {
        const contact = centre.simulator
          .contacts()
          .find(({ clientToken, disconnectedAt }) => clientToken === token && disconnectedAt === null);
        if (contact === undefined) return;
        const { status } = await centre.raw("POST", "/contact/stop", {
          InstanceId: centre.simulator.instanceId,
          ContactId: contact.contactId,
        });
        expect(status).toBe(200);
      }
    },
  );
});
