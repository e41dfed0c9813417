import * as v from "valibot";
import type { ToldNotice } from "./notice-delivery.ts";

export const subscriberId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 . _ -"),
);

const allowed = v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.minLength(1))), v.minLength(1)));

/** As a filter policy of SNS on the attributes of the same names: each that is listed must have one of these values. */
const filterSchema = v.strictObject({ type: allowed, state: allowed, outcome: allowed });
export type Filter = v.InferOutput<typeof filterSchema>;

/** One item of the table `subscribers`. Instants are ISO 8601. */
const subscriberSchema = v.object({
  subscriberId,
  url: v.string(),
  filter: filterSchema,
  status: v.picklist(["enabled", "disabled"]),
  /** Of the status; the reason only of a disabled one. */
  since: v.string(),
  reason: v.exactOptional(v.string()),
  createdAt: v.string(),
  /** How many attempts have failed since the last that did not. */
  failures: v.number(),
  failingSince: v.exactOptional(v.string()),
  lastFailure: v.exactOptional(v.string()),
  /** The circuit is open: nothing is tried before. */
  heldUntil: v.exactOptional(v.string()),
});
export type Subscriber = v.InferOutput<typeof subscriberSchema>;

const keySchema = v.object({ subscriberId });

/**
 * One whose record is not understood is taken for disabled and to want everything: nobody else waits for it, and whatever it
 * may have wanted is kept.
 * @throws ValiError when not even its id can be
 */
export function readSubscriber(item: unknown): Subscriber {
  const parsed = v.safeParse(subscriberSchema, item);
  if (parsed.success) return parsed.output;
  const { subscriberId } = v.parse(keySchema, item);
  const reason = "its record is not understood: remove it, and add it again";
  return { ...aNewSubscriber({ subscriberId, url: "", filter: {} }, 0), status: "disabled", reason };
}

export function aNewSubscriber(
  fields: Pick<Subscriber, "subscriberId" | "url" | "filter">,
  now: number,
): Subscriber {
  const at = new Date(now).toISOString();
  return { ...fields, status: "enabled", since: at, createdAt: at, failures: 0 };
}

const filtered = ["type", "state", "outcome"] as const satisfies (keyof Filter)[];

export function wants({ filter }: Subscriber, notice: ToldNotice): boolean {
  return filtered.every((name) => {
    const values = filter[name];
    const value = notice[name];
    return values === undefined || (value !== undefined && values.includes(value));
  });
}
