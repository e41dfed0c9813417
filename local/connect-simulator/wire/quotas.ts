import type { OperationName, Quota } from "../defaults.ts";

export type Buckets = {
  /** Takes one token, or says that there is none. */
  take(operation: OperationName): boolean;
  refill(): void;
};

/** Token buckets per operation. `now`: real milliseconds, from any origin. */
export function tokenBuckets(quotas: Readonly<Record<OperationName, Quota>>, now: () => number): Buckets {
  const levels = new Map<OperationName, { tokens: number; at: number }>();
  return {
    take(operation) {
      const { rate, burst } = quotas[operation];
      const at = now();
      const level = levels.get(operation) ?? { tokens: burst, at };
      const tokens = Math.min(burst, level.tokens + ((at - level.at) / 1000) * rate);
      const taken = tokens >= 1;
      levels.set(operation, { tokens: taken ? tokens - 1 : tokens, at });
      return taken;
    },
    refill: () => levels.clear(),
  };
}
