import * as v from "valibot";
import type { World } from "../world.ts";
import { WireError } from "./wire-error.ts";

const attributeBytes = 32_768;

export const text = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.minLength(least, `must have at least ${least} characters`),
    v.maxLength(most, `must have at most ${most} characters`),
  );

export const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer("must be a whole number"),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

/** AWS's clients send null where they mean nothing. */
export const absentOr = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema, null);

export const e164 = v.pipe(
  v.string(),
  v.regex(/^\+[1-9]\d{1,14}$/, "must be a telephone number in E.164 format"),
);

export const instanceId = text(1, 100);
export const contactId = text(1, 256);

const isMap = (input: unknown): input is Record<string, unknown> =>
  typeof input === "object" && input !== null && !Array.isArray(input);

/** A JSON object with any keys; valibot's record would drop `constructor` and `__proto__` in silence. */
export const mapOf = <Key extends v.GenericSchema<string>, Value extends v.GenericSchema>(
  key: Key,
  value: Value,
) =>
  v.pipe(
    v.custom<Record<string, unknown>>(isMap, "must be an object"),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const entries: [string, v.InferOutput<Value>][] = [];
      for (const [name, input] of Object.entries(dataset.value)) {
        const parsedName = v.safeParse(key, name);
        const parsed = v.safeParse(value, input);
        for (const issue of [...(parsedName.issues ?? []), ...(parsed.issues ?? [])]) {
          addIssue({
            message: `[${JSON.stringify(name.slice(0, 60))}]${within(issue)} ${issue.message}`,
            input: issue.input,
          });
        }
        if (parsed.success) entries.push([name, parsed.output]);
      }
      return entries.length === Object.keys(dataset.value).length ? Object.fromEntries(entries) : NEVER;
    }),
  );

function within(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? "" : `.${path}`;
}

export const attributes = mapOf(
  v.pipe(text(1, 32_767), v.regex(/^[A-Za-z0-9_-]+$/, "may have only letters, digits, _ and - in its key")),
  text(0, 32_767),
);

/** All keys and values together, in bytes of UTF-8, count against the limit of one contact. */
export function checkAttributeBytes(merged: Readonly<Record<string, string>>, { deviations }: World): void {
  let bytes = 0;
  for (const [name, value] of Object.entries(merged))
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (bytes > attributeBytes) {
    const message = `Attributes: ${bytes} bytes in all, of which a contact may have ${attributeBytes}`;
    throw new WireError(deviations.attributesTooLarge, 400, message);
  }
}

/** Like `absentOr`, with nothing at all for what is absent. */
export const given = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema, () => undefined);

/** An object with these members; valibot's own takes arrays too. */
export const structure = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.pipe(v.custom<Record<string, unknown>>(isMap, "must be an object"), v.object(entries));

/** The model sets no bounds to most ids. */
export const resourceId = text(1, 500);

const tagValue = text(0, 256);

function tagMap<Key extends v.GenericSchema<string>>(key: Key, most: number) {
  return v.pipe(
    mapOf(key, tagValue),
    v.minEntries(1, "must have at least 1 entry"),
    v.maxEntries(most, `must have at most ${most} entries`),
  );
}

/** Of users and hierarchy groups. */
export const resourceTags = tagMap(
  v.pipe(
    text(1, 128),
    v.regex(
      /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
      "may have only letters, digits, spaces and _.:/=+-@ in its key, and must not begin with aws:",
    ),
  ),
  50,
);

export const mostContactTags = 6;

export const contactTags = tagMap(
  v.pipe(
    text(1, 128),
    v.regex(
      /^(?!aws:)[a-zA-Z+-=._:/]+$/,
      "may have only letters, digits and +,-./:;<=_ in its key, and must not begin with aws:",
    ),
  ),
  mostContactTags,
);
