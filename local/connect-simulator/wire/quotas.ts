import type { OperationName } from "./operation-names.ts";

/** `rate`: tokens a second of the real clock; `burst`: the most that can be saved up. */
export type Quota = { rate: number; burst: number };

export type Buckets = {
  /** Takes one token, or says that there is none. */
  take(operation: OperationName): boolean;
  refill(): void;
};

/** Token buckets per operation. `now`: real milliseconds, from any origin. */
export function tokenBuckets(quotaOf: (operation: OperationName) => Quota, now: () => number): Buckets {
  const levels = new Map<OperationName, { tokens: number; at: number }>();
  return {
    take(operation) {
      const { rate, burst } = quotaOf(operation);
      const at = now();
      const level = levels.get(operation) ?? { tokens: burst, at };
      const tokens = Math.min(burst, level.tokens + (Math.max(0, at - level.at) / 1000) * rate);
      const taken = tokens >= 1;
      levels.set(operation, { tokens: taken ? tokens - 1 : tokens, at });
      return taken;
    },
    refill: () => levels.clear(),
  };
}
