import { describe, expect, it } from "vitest";
import { type Ledger, orderOf } from "../../lib/roster/ledger.ts";

export function ledgerContract(ledgerOf: (now: () => number) => Ledger): void {
  describe("the ledger of users", () => {
    it("lets the newest command begin, as often as it comes, and none that is older", async () => {
      const ledger = ledgerOf(() => 1_000);
      expect(await ledger.begin("ana", orderOf("9"))).toEqual({ newest: true });
      expect(await ledger.begin("ana", orderOf("10"))).toEqual({ newest: true });
      expect(await ledger.begin("ana", orderOf("10"))).toEqual({ newest: true });
      expect(await ledger.begin("ana", orderOf("9"))).toEqual({ newest: false });
      expect(await ledger.begin("bo", orderOf("9"))).toEqual({ newest: true });
    });

    it("tells when a user was last written", async () => {
      let now = 1_000;
      const ledger = ledgerOf(() => now);
      await ledger.begin("ana", orderOf("1"));
      await ledger.wrote("ana");
      now = 2_000;
      await ledger.wrote("ana");
      expect(await ledger.begin("ana", orderOf("2"))).toEqual({ newest: true, wroteAt: 2_000 });
    });
  });
}
