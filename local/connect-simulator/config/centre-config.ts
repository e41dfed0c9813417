import * as v from "valibot";
import { defaultAccountId, defaultRegion } from "../defaults.ts";

/** A whole simulated account, as `--config` reads it from YAML. Everything has a default. */

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(256));
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const range = v.pipe(
  v.tuple([v.pipe(v.number(), v.minValue(0)), v.pipe(v.number(), v.minValue(0))]),
  v.check(([least, most]) => least <= most, "must be [least, most]"),
);
const channel = v.picklist(["VOICE", "CHAT", "TASK", "EMAIL"]);
const e164 = v.pipe(v.string(), v.regex(/^\+[1-9]\d{1,14}$/, "must be a telephone number in E.164 format"));
const timeOfDay = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as "08:30"'));

const contactFlowTypes = [
  "CONTACT_FLOW",
  "CUSTOMER_QUEUE",
  "CUSTOMER_HOLD",
  "CUSTOMER_WHISPER",
  "AGENT_HOLD",
  "AGENT_WHISPER",
  "OUTBOUND_WHISPER",
  "AGENT_TRANSFER",
  "QUEUE_TRANSFER",
  "CAMPAIGN",
] as const;

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

const durationsSchema = v.strictObject({
  /** The telephone rings until it is answered. Past the ring timeout nobody answers. */
  ring: v.optional(range, [3, 9]),
  /** The network says busy, invalid, blocked or broken. */
  refusal: v.optional(range, [1, 4]),
  /** The contact flow runs until it queues the call. */
  flow: v.optional(range, [2, 6]),
  /** A free agent's telephone rings until the agent takes the contact. */
  accept: v.optional(range, [1, 12]),
  talk: v.optional(range, [15, 90]),
  /** How long a customer waits in a queue before giving up. Calls that we placed wait for as long as it takes. */
  patience: v.optional(range, [120, 900]),
  hold: v.optional(range, [10, 60]),
  /** The flow speaks to an answering machine. */
  voicemail: v.optional(range, [8, 25]),
  afterContactWork: v.optional(range, [5, 20]),
  /** A missed contact leaves its agent in an error state. */
  error: v.optional(range, [20, 60]),
  /** From a customer's wish to be called back until the callback is queued. */
  callbackDelay: v.optional(range, [60, 600]),
  /** From completion until the contact record is sent. */
  record: v.optional(range, [60, 120]),
});

/** Each a range of simulated seconds, drawn evenly between its two ends. */
export type Durations = v.InferOutput<typeof durationsSchema>;
export type DurationsInput = v.InferInput<typeof durationsSchema>;

const behaviourSchema = v.strictObject({
  durations: v.optional(durationsSchema, {}),
  /** Fractions of what could go so: the offers that an agent misses, … */
  missedOffers: v.optional(fraction, 0),
  holds: v.optional(fraction, 0),
  /** … the customers on hold who hang up, */
  holdAbandons: v.optional(fraction, 0),
  consults: v.optional(fraction, 0),
  agentHangsUpFirst: v.optional(fraction, 0.5),
  /** … the answered contacts that their agent sends to another queue, */
  agentTransfers: v.optional(fraction, 0),
  /** … those in a queue that the flow moves to another one when their patience ends, */
  queueTransfers: v.optional(fraction, 0),
  /** … and those who then want to be called back. The rest give up. */
  callbacks: v.optional(fraction, 0),
  breaks: v.optional(
    v.nullable(v.strictObject({ every: range, last: range, status: v.optional(text, "Break") })),
    null,
  ),
});

export type Behaviour = v.InferOutput<typeof behaviourSchema>;

const loadSchema = v.strictObject({
  queue: text,
  channel: v.optional(channel, "VOICE"),
  /** `outbound`: agents who call somebody by hand. */
  direction: v.optional(v.picklist(["inbound", "outbound"]), "inbound"),
  /** Contacts in a simulated hour, or 24 such numbers, from midnight UTC on. Exponential gaps. */
  perHour: v.union([
    v.pipe(v.number(), v.minValue(0)),
    v.pipe(v.array(v.pipe(v.number(), v.minValue(0))), v.length(24)),
  ]),
});

export type LoadConfig = v.InferOutput<typeof loadSchema>;
export type Load = Omit<LoadConfig, "queue"> & { readonly queueId: string };

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

/** What AWS leaves undocumented: the README's "Deviations and unknowns" says what each is about. */
const deviationsSchema = v.strictObject({
  tokenAfterDisconnect: v.optional(v.picklist(["new-contact", "same-contact"]), "new-contact"),
  throttlingError: v.optional(
    v.picklist(["TooManyRequestsException", "ThrottlingException"]),
    "TooManyRequestsException",
  ),
  activeCallsExceeded: v.optional(v.picklist(["refused", "fast-busy"]), "refused"),
  describeContactWhileRinging: v.optional(v.picklist(["found", "not-found"]), "found"),
  samlEmail: v.optional(v.picklist(["refused", "required", "allowed"]), "refused"),
  hierarchyWithoutGroup: v.optional(v.picklist(["clears", "refused"]), "clears"),
  metricsEndInTheFuture: v.optional(v.picklist(["refused", "allowed"]), "refused"),
  historyWithoutData: v.optional(v.picklist(["omitted", "zero"]), "omitted"),
  /** Real seconds until a new user is found by DescribeUser and the Update operations. */
  userVisibleAfterSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3600)), 0),
});

export type Deviations = v.InferOutput<typeof deviationsSchema>;
export type DeviationsInput = v.InferInput<typeof deviationsSchema>;
export const defaultDeviations: Deviations = v.parse(deviationsSchema, {});

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
