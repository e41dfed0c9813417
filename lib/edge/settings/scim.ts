import * as v from "valibot";
import { afterContactWorkSeconds } from "../../roster/user-command.ts";
import type { CommandRules } from "../../scim/command.ts";
import { filled, list, number, optionalText, yesOrNo } from "./kinds.ts";
import type { Settings } from "./settings.ts";

const ofCommands = {
  SCIM_USERS_TABLE: filled,
  USER_COMMANDS_QUEUE_URL: filled,
  // Of users whose identity provider does not say it.
  SCIM_ROUTING_PROFILE: optionalText,
  SCIM_SECURITY_PROFILES: list(""),
  SCIM_HIERARCHY: v.pipe(
    optionalText,
    v.check(
      (path) => path?.split("/").every((name) => name.trim() !== "") ?? true,
      "must have a name for each level",
    ),
  ),
  SCIM_PHONE_TYPE: v.optional(v.picklist(["SOFT_PHONE", "DESK_PHONE"]), "SOFT_PHONE"),
  SCIM_AUTO_ACCEPT: yesOrNo,
  SCIM_AFTER_CONTACT_WORK_SECONDS: v.pipe(number("0", 0), afterContactWorkSeconds),
  SCIM_DELETE: v.optional(v.picklist(["deactivate", "delete"]), "deactivate"),
  // Those of apply-user: without them it refuses whoever is not active.
  INACTIVE_ROUTING_PROFILE: optionalText,
  INACTIVE_SECURITY_PROFILE: optionalText,
};

export const ofAnswerScim = { ...ofCommands, SCIM_TOKENS_PATH: filled };
export const ofSendUnsentUsers = ofCommands;

export type ScimCommandSettings = Settings<typeof ofCommands>;

export const commandRulesOf = (from: ScimCommandSettings): CommandRules => ({
  defaults: {
    routingProfile: from.SCIM_ROUTING_PROFILE,
    securityProfiles: from.SCIM_SECURITY_PROFILES,
    hierarchy: from.SCIM_HIERARCHY,
    phoneType: from.SCIM_PHONE_TYPE,
    autoAccept: from.SCIM_AUTO_ACCEPT,
    afterContactWorkSeconds: from.SCIM_AFTER_CONTACT_WORK_SECONDS,
  },
  onDelete: from.SCIM_DELETE,
  canDeactivate: from.INACTIVE_ROUTING_PROFILE !== undefined && from.INACTIVE_SECURITY_PROFILE !== undefined,
});
