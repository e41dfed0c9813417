import type { Ledger } from "../../lib/roster/ledger.ts";

export class LedgerInMemory implements Ledger {
  private readonly entries = new Map<string, { order: string; wroteAt?: number }>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  async begin(username: string, order: string): Promise<{ newest: boolean; wroteAt?: number }> {
    const known = this.entries.get(username);
    if (known && known.order > order) return { newest: false };
    const entry = { ...known, order };
    this.entries.set(username, entry);
    return { newest: true, ...(entry.wroteAt !== undefined && { wroteAt: entry.wroteAt }) };
  }

  async wrote(username: string): Promise<void> {
    this.entries.set(username, { order: "", ...this.entries.get(username), wroteAt: this.now() });
  }
}
