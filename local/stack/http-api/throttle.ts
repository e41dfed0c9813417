import type { Deployment } from "../cloudformation.ts";
import { all } from "../properties.ts";

/** Requests a second in the long run, and how many may come at once. */
export interface Limit {
  ratePerSecond: number;
  burst: number;
}

/**
 * A token bucket, full at first.
 * @param now milliseconds, of any origin but never backwards
 * @returns whether one more request may pass
 */
export function tokenBucket({ ratePerSecond, burst }: Limit, now: () => number): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * ratePerSecond);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** What AWS allows all APIs of an account together. */
const ofTheAccount: Limit = { ratePerSecond: 10_000, burst: 5_000 };

/** @returns the limit of a route; what is set for it goes before what is set for all */
export function limitsOf(deployment: Deployment): (routeKey: string) => Limit | undefined {
  const [stage] = all(deployment, "AWS::ApiGatewayV2::Stage");
  return (routeKey) => {
    const { ThrottlingBurstLimit: burst, ThrottlingRateLimit: ratePerSecond } = {
      ...stage?.properties.DefaultRouteSettings,
      ...stage?.properties.RouteSettings[routeKey],
    };
    if (burst === undefined && ratePerSecond === undefined) return undefined;
    return {
      ratePerSecond: ratePerSecond ?? ofTheAccount.ratePerSecond,
      burst: burst ?? ofTheAccount.burst,
    };
  };
}
