import type { DynamoDB } from "@aws-sdk/client-dynamodb";
import { RateLimiterDynamo, RateLimiterQueue } from "rate-limiter-flexible";
import type { Settings } from "./settings.ts";

/** Waits for its turn in the window, in the order of asking; rejects what is still waiting at the deadline. */
export function slotQueue(storeClient: DynamoDB, settings: Settings) {
  const limiter = new RateLimiterDynamo({
    storeClient,
    tableName: settings.limiterTable,
    tableCreated: true,
    ttlSet: true,
    // Not the usual "so many per second": a whole second's allowance leaves at once, which is more than the burst.
    points: settings.burst,
    duration: settings.burst / settings.ratePerSecond,
  });
  const queue = new RateLimiterQueue(limiter);
  return {
    /** @param deadline epoch milliseconds */
    next: (deadline: number) => queue.removeTokens(1, settings.instanceId, Math.floor(deadline / 1000)),
  };
}
