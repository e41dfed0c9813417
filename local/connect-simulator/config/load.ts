import * as v from "valibot";
import { channel, text } from "./values.ts";

export const loadSchema = v.strictObject({
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

type LoadConfig = v.InferOutput<typeof loadSchema>;
export type Load = Omit<LoadConfig, "queue"> & { readonly queueId: string };
