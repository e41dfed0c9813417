import * as v from "valibot";
import { defaultAccountId, defaultRegion } from "../defaults.ts";
import { contactFlowTypes } from "../instance/contact-flow-types.ts";
import { behaviourSchema } from "./behaviour.ts";
import { deviationsSchema } from "./deviations.ts";
import { loadSchema } from "./load.ts";
import { channel, e164, text, whole } from "./values.ts";

/** A whole simulated account, as `--config` reads it from YAML. Everything has a default. */

const timeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "08:30"'));

const named = { name: text, id: v.optional(text) };
/** A name alone is enough wherever nothing else has to be said. */
const orName = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.union(
    [
      v.pipe(
        text,
        v.transform((name) => ({ name })),
      ),
      schema,
    ],
    "must be a name or an object with one",
  );

const userSchema = v.strictObject({
  /** With `count`, a beginning that gets -0001, -0002 … behind it. */
  username: text,
  count: v.optional(whole(1, 1_000_000)),
  id: v.optional(text),
  firstName: v.optional(text, "Agent"),
  lastName: v.optional(text),
  email: v.optional(text),
  routingProfile: v.optional(text),
  securityProfiles: v.optional(v.pipe(v.array(text), v.minLength(1), v.maxLength(10))),
  hierarchy: v.optional(v.pipe(v.array(text), v.minLength(1), v.maxLength(5))),
  /** Available, Offline or a status of `agentStatuses`; what an agent starts with. */
  status: v.optional(text, "Available"),
  /** Available from the one time of day to the other (UTC), and Offline otherwise. */
  shift: v.optional(v.strictObject({ from: timeOfDay, to: timeOfDay })),
});

export type UserConfig = v.InferOutput<typeof userSchema>;

export type GroupConfig = { name: string; id?: string | undefined; groups?: GroupConfig[] | undefined };
const groupSchema: v.GenericSchema<unknown, GroupConfig> = orName(
  v.strictObject({ ...named, groups: v.optional(v.lazy(() => v.array(groupSchema))) }),
) as v.GenericSchema<unknown, GroupConfig>;

const instanceSchema = v.strictObject({
  id: v.optional(text),
  alias: v.optional(v.pipe(v.string(), v.regex(/^(?!d-)[\da-zA-Z](-*[\da-zA-Z])*$/), v.maxLength(45))),
  identityManagementType: v.optional(
    v.picklist(["CONNECT_MANAGED", "SAML", "EXISTING_DIRECTORY"]),
    "CONNECT_MANAGED",
  ),
  inboundCallsEnabled: v.optional(v.boolean(), true),
  outboundCallsEnabled: v.optional(v.boolean(), true),
  passive: v.optional(v.boolean(), false),
  limits: v.optional(
    v.strictObject({
      activeCalls: v.optional(whole(0, 1_000_000), 10),
      users: v.optional(whole(0, 10_000_000), 500),
      hierarchyGroups: v.optional(whole(0, 1_000_000), 500),
    }),
    {},
  ),
  phoneNumbers: v.optional(
    v.pipe(
      v.array(
        v.union(
          [
            v.pipe(
              e164,
              v.transform((number) => ({ number, type: "DID" as const })),
            ),
            v.strictObject({
              number: e164,
              id: v.optional(text),
              type: v.optional(v.picklist(["DID", "TOLL_FREE"]), "DID"),
            }),
          ],
          "must be an E.164 number or an object with one",
        ),
      ),
      v.minLength(1),
    ),
  ),
  contactFlows: v.optional(
    v.pipe(
      v.array(
        orName(
          v.strictObject({
            ...named,
            type: v.optional(v.picklist(contactFlowTypes)),
            state: v.optional(v.picklist(["ACTIVE", "ARCHIVED"])),
            published: v.optional(v.boolean()),
          }),
        ),
      ),
      v.minLength(1),
    ),
  ),
  queues: v.optional(
    v.pipe(v.array(orName(v.strictObject({ ...named, phoneNumber: v.optional(e164) }))), v.minLength(1)),
  ),
  routingProfiles: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          ...named,
          channels: v.optional(v.pipe(v.array(channel), v.minLength(1)), ["VOICE"]),
          queues: v.array(
            v.union(
              [
                v.pipe(
                  text,
                  v.transform((queue) => ({ queue, priority: 1 })),
                ),
                v.strictObject({ queue: text, priority: v.optional(whole(1, 99), 1) }),
              ],
              "must be a queue's name or { queue, priority }",
            ),
          ),
        }),
      ),
      v.minLength(1),
    ),
  ),
  securityProfiles: v.optional(v.pipe(v.array(orName(v.strictObject(named))), v.minLength(1))),
  hierarchy: v.optional(
    v.strictObject({
      levels: v.pipe(v.array(text), v.maxLength(5)),
      groups: v.optional(v.array(groupSchema), []),
    }),
  ),
  agentStatuses: v.optional(v.array(text), ["Break", "Lunch", "Training"]),
  users: v.optional(v.array(userSchema)),
  behaviour: v.optional(behaviourSchema, {}),
  load: v.optional(v.array(loadSchema), []),
});

export type InstanceConfig = v.InferOutput<typeof instanceSchema>;

const centreSchema = v.strictObject({
  region: v.optional(v.pipe(text, v.regex(/^[a-z0-9-]+$/)), defaultRegion),
  accountId: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/, "must be 12 digits")), defaultAccountId),
  /** The keys that requests may be signed with. */
  keys: v.optional(
    v.array(
      v.strictObject({
        accessKeyId: text,
        secretAccessKey: text,
        userName: v.optional(text),
        root: v.optional(v.boolean()),
      }),
    ),
  ),
  instances: v.optional(v.pipe(v.array(instanceSchema), v.minLength(1)), [{}]),
  /** By operation: tokens a second of the real clock, and the most that can be saved up. */
  quotas: v.optional(
    v.record(
      text,
      v.strictObject({ rate: v.pipe(v.number(), v.gtValue(0)), burst: v.pipe(v.number(), v.minValue(1)) }),
    ),
    {},
  ),
  deviations: v.optional(deviationsSchema, {}),
});

/** As it is written, in YAML or in code. */
export type CentreConfigInput = v.InferInput<typeof centreSchema>;
/** With every default filled in. */
export type CentreConfig = v.InferOutput<typeof centreSchema>;

/** Throws an error that lists every problem, each with its place. */
export function parseCentreConfig(input: unknown): CentreConfig {
  const parsed = v.safeParse(centreSchema, input ?? {});
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.map((issue) => `  ${v.getDotPath(issue) ?? "(top)"}: ${issue.message}`);
  throw new Error(`The configuration cannot be used:\n${problems.join("\n")}`);
}
