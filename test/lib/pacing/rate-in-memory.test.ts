import { rateContract } from "../../support/rate-contract.ts";
import { RateInMemory } from "../../support/rate-in-memory.ts";

const limits = new Map<string, RateInMemory>();
rateContract((name, rate, now) => {
  const limit = limits.get(name) ?? new RateInMemory(rate, now);
  limits.set(name, limit);
  return limit;
});
