import type { Rate } from "../../lib/pacing/rate.ts";
import { estimateMs, requestsOf, saidOf } from "../../lib/roster/plan/estimate.ts";
import { isDifferent, type RosterPlan } from "../../lib/roster/plan/plan-roster.ts";
import type { PartChange } from "../../lib/roster/user-change.ts";
import { aligned } from "../print.ts";

/** A terminal need not be filled with those that nothing is done to. */
const mostUnmanaged = 20;

export const documentOf = (plan: RosterPlan, rate: Rate) => ({
  differs: isDifferent(plan),
  ...plan,
  deactivated: plan.deactivated.map(({ username }) => username),
  estimateSeconds: Math.round(estimateMs(requestsOf(plan), rate) / 1_000),
});

export function linesOf(plan: RosterPlan, rate: Rate): string[] {
  const rows = [
    ...plan.created.map(({ username, user }) => [
      "+",
      username,
      "created",
      user.active ? user.routingProfile : "not active",
    ]),
    ...plan.changed.flatMap(({ username, changes }) =>
      changes.map((change, index) => [
        index === 0 ? "~" : " ",
        index === 0 ? username : "",
        change.part,
        shown(change),
      ]),
    ),
    ...plan.deactivated.map(({ username }) => ["~", username, "deactivated"]),
    ...plan.deleted.map((username) => ["-", username, "deleted"]),
  ];
  const requests = requestsOf(plan);
  return [
    ...aligned(rows),
    ...summaryOf(plan),
    ...(isDifferent(plan)
      ? [
          `To apply it takes ${saidOf(estimateMs(requests, rate))}, at ${rate.perSecond} of each request a second.`,
        ]
      : []),
  ];
}

/** For logs: which parts differ, and of nobody what they are. */
export const driftDocumentOf = (plan: RosterPlan) => ({
  differs: isDifferent(plan),
  ...plan,
  created: plan.created.map(({ username }) => username),
  changed: plan.changed.map(({ username, changes }) => ({
    username,
    parts: changes.map(({ part }) => part),
  })),
  deactivated: plan.deactivated.map(({ username }) => username),
});

export function driftLinesOf(plan: RosterPlan): string[] {
  const { created, changed, deactivated, deleted } = driftDocumentOf(plan);
  const rows = [
    ...created.map((username) => [username, "is missing"]),
    ...changed.map(({ username, parts }) => [username, `differs in ${parts.join(", ")}`]),
    ...deactivated.map((username) => [username, "is active, and not in the file"]),
    ...deleted.map((username) => [username, "is not in the file"]),
  ];
  return [...aligned(rows), ...summaryOf(plan)];
}

function summaryOf(plan: RosterPlan): string[] {
  const { created, changed, deactivated, deleted, untouched, unmanaged, undescribable } = plan;
  const counts = [
    `${created.length} to create`,
    `${changed.length} to change`,
    ...(deactivated.length > 0 ? [`${deactivated.length} to deactivate`] : []),
    ...(deleted.length > 0 ? [`${deleted.length} to delete`] : []),
    `${untouched} as described`,
  ];
  return [
    `${counts.join(", ")}.`,
    ...some(unmanaged, "not in the file, and left as they are"),
    ...some(undescribable, "not in the file, and left as they are because no command can describe them"),
  ];
}

function some(usernames: string[], what: string): string[] {
  if (usernames.length === 0) return [];
  const more = usernames.length - mostUnmanaged;
  const names = usernames.slice(0, mostUnmanaged).join(", ");
  return [`${usernames.length} ${what}: ${names}${more > 0 ? `, and ${more} more` : ""}.`];
}

/** Of identity and phone the fields that differ. */
function shown({ part, before, after }: PartChange): string {
  const between = part === "hierarchy" ? " / " : ", ";
  return `${inWords(before, after, between)} → ${inWords(after, before, between)}`;
}

function inWords(value: unknown, other: unknown, between: string): string {
  if (value === undefined) return "none";
  if (Array.isArray(value)) return value.join(between);
  if (typeof value !== "object" || value === null) return String(value);
  const others = new Map(Object.entries(other ?? {}));
  const differing = Object.entries(value).filter(([name, one]) => others.get(name) !== one);
  return differing.map(([name, one]) => `${name} ${one}`).join(", ") || "none";
}
