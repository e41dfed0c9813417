import { operationOf, type UserOperation } from "../../connect/users.ts";
import { leadOf, type Rate, spacingOf } from "../../pacing/rate.ts";
import type { RosterPlan } from "./plan-roster.ts";

export type Requests = Map<UserOperation, number>;

/** What apply-user asks of Connect for a plan: each user is looked for, and described before anything of him is changed. */
export function requestsOf({ created, changed, deactivated, deleted }: RosterPlan): Requests {
  const requests: Requests = new Map();
  const add = (operation: UserOperation, count: number) =>
    requests.set(operation, (requests.get(operation) ?? 0) + count);
  const updated = changed.length + deactivated.length;
  add("SearchUsers", created.length + updated + deleted.length);
  add("CreateUser", created.length);
  add("DescribeUser", updated + deleted.length);
  add("DeleteUser", deleted.length);
  for (const { changes } of changed)
    for (const { part } of changes) if (part !== "tags") add(operationOf[part], 1);
  for (const part of ["routing-profile", "security-profiles"] as const)
    add(operationOf[part], deactivated.length);
  return requests;
}

/** Milliseconds. Connect limits each operation by itself, so the longest line is what there is to wait for. */
export const estimateMs = (requests: Requests, rate: Rate): number =>
  Math.max(0, ...[...requests.values()].map((count) => (count - 1) * spacingOf(rate) - leadOf(rate)));

/** As people say it. */
export function saidOf(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 5) return "a few seconds";
  if (seconds < 120) return `about ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `about ${minutes} min` : `about ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
