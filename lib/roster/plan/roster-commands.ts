import { createHash } from "node:crypto";
import type { UserCommand } from "../user-command.ts";
import type { RosterPlan } from "./plan-roster.ts";

/** One for each user that differs. Of the same user and content it is the same command, however often it is planned. */
export function commandsOf(plan: RosterPlan, reason: string | undefined): UserCommand[] {
  const { created, changed, deactivated, deleted } = plan;
  const origin = { source: "roster", ...(reason !== undefined && { reason }) };
  const described = [...created, ...changed, ...deactivated].map(({ username, user }) => ({
    commandId: commandIdOf(username, user),
    username,
    ...origin,
    user,
  }));
  const gone = deleted.map((username) => ({
    commandId: commandIdOf(username, "deleted"),
    username,
    ...origin,
    delete: true as const,
  }));
  return [...described, ...gone];
}

const commandIdOf = (username: string, content: unknown): string =>
  `roster-${createHash("sha256")
    .update(JSON.stringify([username, content]))
    .digest("hex")
    .slice(0, 24)}`;
