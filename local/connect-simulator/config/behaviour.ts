import * as v from "valibot";
import { fraction, range, text } from "./values.ts";

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

export const behaviourSchema = v.strictObject({
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
