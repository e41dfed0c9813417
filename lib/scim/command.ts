import { problemOf, problemsOf } from "../contacts/message-fields.ts";
import { type DesiredUser, parseUserCommand, type UserCommand } from "../roster/user-command.ts";
import { invalidValue, ScimFault } from "./fault.ts";
import type { ScimRecord } from "./record.ts";
import { agentUrn } from "./schema.ts";
import type { ScimUser } from "./user.ts";

/** What users have whose identity provider does not say it. */
export interface AgentDefaults {
  routingProfile: string | undefined;
  securityProfiles: string[];
  hierarchy: string | undefined;
  phoneType: DesiredUser["phone"]["type"];
  autoAccept: boolean;
  afterContactWorkSeconds: number;
}

export interface CommandRules {
  defaults: AgentDefaults;
  /** What becomes in Connect of a user who is deleted by SCIM. */
  onDelete: "delete" | "deactivate";
  /** Whether there are profiles for users who are not active. */
  canDeactivate: boolean;
}

/** The command that makes of the user in Connect what the record says; always the same for one version of a record. */
export function commandOf({ id, version, user, deleted }: ScimRecord, rules: CommandRules): UserCommand {
  const target = { commandId: `scim-${id}-${version}`, username: user.userName, source: "scim" };
  if (deleted && rules.onDelete === "delete") return { ...target, delete: true };
  return { ...target, user: desiredUser({ ...user, active: user.active && !deleted }, rules.defaults) };
}

/**
 * That the record can be told in a command, by the very schema that commands are read with, and the command be carried out as far
 * as the deployment's settings tell.
 * @throws ScimFault in SCIM's own names
 */
export function checkCommand(record: ScimRecord, rules: CommandRules): void {
  const command = commandOf(record, rules);
  // Who has left would keep all rights, and whoever sent this would believe the opposite.
  if ("user" in command && !command.user.active && !rules.canDeactivate)
    throw new ScimFault(501, undefined, "no profiles are set here for users who are not active");
  const parsed = parseUserCommand(command);
  if (parsed.success) return;
  throw invalidValue(problemsOf(parsed.issues, (issue) => inScimNames(problemOf(issue))).join("; "));
}

function desiredUser(user: ScimUser, defaults: AgentDefaults): DesiredUser {
  const agent = user[agentUrn] ?? {};
  const email = emailOf(user.emails ?? []);
  const hierarchy = agent.hierarchy ?? defaults.hierarchy;
  const { deskNumber } = agent;
  return {
    identity: {
      firstName: (user.name?.givenName ?? "").normalize("NFC"),
      lastName: (user.name?.familyName ?? "").normalize("NFC"),
      ...(email !== undefined && { email }),
    },
    phone: {
      type: agent.phoneType ?? defaults.phoneType,
      autoAccept: agent.autoAccept ?? defaults.autoAccept,
      afterContactWorkSeconds: agent.afterContactWorkSeconds ?? defaults.afterContactWorkSeconds,
      ...(deskNumber !== undefined && { deskNumber }),
    },
    routingProfile: agent.routingProfile ?? defaults.routingProfile ?? "",
    securityProfiles: agent.securityProfiles ?? defaults.securityProfiles,
    ...(hierarchy !== undefined && { hierarchy: hierarchy.split("/").map((name) => name.trim()) }),
    active: user.active,
  };
}

const emailOf = (emails: NonNullable<ScimUser["emails"]>): string | undefined =>
  (
    emails.find(({ primary }) => primary) ??
    emails.find(({ type }) => type?.toLowerCase() === "work") ??
    emails[0]
  )?.value;

const scimNames: [string, string][] = [
  ["user.identity.firstName", "name.givenName"],
  ["user.identity.lastName", "name.familyName"],
  ["user.identity.email", "emails.value"],
  ["user.phone.type", `${agentUrn}:phoneType`],
  ["user.phone.", `${agentUrn}:`],
  ["user.phone", `${agentUrn}:phoneType`],
  ["user.active", "active"],
  ["user.", `${agentUrn}:`],
  ["username", "userName"],
];

function inScimNames(problem: string): string {
  const [from, to] = scimNames.find(([name]) => problem.startsWith(name)) ?? ["", ""];
  return to + problem.slice(from.length);
}
