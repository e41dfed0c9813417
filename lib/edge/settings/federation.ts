import * as v from "valibot";
import { filled, optionalText } from "./kinds.ts";
import type { Settings } from "./settings.ts";

export const ofFederateUser = {
  CONNECT_INSTANCE_ID: filled,
  FEDERATION_ROLE_ARN: optionalText,
  FEDERATION_USERNAME_CLAIM: v.optional(filled, "preferred_username"),
};

export type FederationSettings = Settings<typeof ofFederateUser>;
