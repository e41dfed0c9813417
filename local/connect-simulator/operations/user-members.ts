import * as v from "valibot";
import type { User } from "../instance/instance.ts";
import { e164, given, resourceId, structure, text, whole } from "../wire/constraints.ts";

/** The parts of a user that callers give and are shown. */

const normal = (most: number) =>
  v.pipe(
    text(0, most),
    v.check((name) => name.normalize("NFC") === name, "must be in Unicode Normalization Form C"),
  );

export const identityInfo = structure({
  FirstName: given(normal(255)),
  LastName: given(normal(300)),
  Email: given(v.string()),
  SecondaryEmail: given(
    v.pipe(
      text(0, 265),
      v.regex(/^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,63}$/, "must be an e-mail address"),
    ),
  ),
  Mobile: given(e164),
});

/** Seconds. */
const timeLimit = whole(0, 2_000_000);
const phoneType = v.picklist(["SOFT_PHONE", "DESK_PHONE"], "must be SOFT_PHONE or DESK_PHONE");
const channel = v.picklist(["VOICE", "CHAT", "TASK", "EMAIL"], "must be VOICE, CHAT, TASK or EMAIL");
const afterContactWork = structure({ AfterContactWorkTimeLimit: given(timeLimit) });

export const phoneConfig = structure({
  PhoneType: given(phoneType),
  AutoAccept: given(v.boolean()),
  AfterContactWorkTimeLimit: given(timeLimit),
  DeskPhoneNumber: given(e164),
  PersistentConnection: given(v.boolean()),
});

export const channelConfigs = {
  AutoAcceptConfigs: given(
    v.array(
      structure({
        Channel: channel,
        AutoAccept: v.boolean(),
        AgentFirstCallbackAutoAccept: given(v.boolean()),
      }),
    ),
  ),
  AfterContactWorkConfigs: given(
    v.array(
      structure({
        Channel: channel,
        AfterContactWorkConfig: afterContactWork,
        AgentFirstCallbackAfterContactWorkConfig: given(afterContactWork),
      }),
    ),
  ),
  PhoneNumberConfigs: given(
    v.array(structure({ Channel: channel, PhoneType: phoneType, PhoneNumber: given(e164) })),
  ),
  PersistentConnectionConfigs: given(
    v.array(structure({ Channel: channel, PersistentConnection: v.boolean() })),
  ),
  VoiceEnhancementConfigs: given(
    v.array(
      structure({
        Channel: channel,
        VoiceEnhancementMode: v.picklist(
          ["VOICE_ISOLATION", "NOISE_SUPPRESSION", "NONE"],
          "must be VOICE_ISOLATION, NOISE_SUPPRESSION or NONE",
        ),
      }),
    ),
  ),
};

export const securityProfiles = v.pipe(
  v.array(resourceId),
  v.minLength(1, "must have at least 1 entry"),
  v.maxLength(10, "must have at most 10 entries"),
);

const channelConfigsSchema = v.object(channelConfigs);

export type ChannelConfigs = v.InferOutput<typeof channelConfigsSchema>;
export type GivenIdentity = v.InferOutput<typeof identityInfo>;
export type GivenPhone = v.InferOutput<typeof phoneConfig>;

/** The lists of a user; those that were never given are absent. */
export const channelConfigsOf = (user: User): ChannelConfigs =>
  v.parse(channelConfigsSchema, user.channelConfigs);

/** Those lists among the members of a request that have anything in them. */
export const givenLists = (request: ChannelConfigs): User["channelConfigs"] =>
  Object.fromEntries(
    Object.entries(v.parse(channelConfigsSchema, request)).flatMap(([name, list]) =>
      list?.length ? [[name, list]] : [],
    ),
  );
