import * as v from "valibot";

/** The kinds of settings. All come as text, from the environment; a setting's name has its unit. docs/deploy.md describes them. */

export const filled = v.pipe(v.string(), v.minLength(1));

export const optionalText = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) => (text === "" ? undefined : text)),
);

/** Entries with commas in between. */
export const list = (fallback: string) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.transform((text) =>
      text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ""),
    ),
  );

/** `true` or `false`, which it is by itself. */
export const yesOrNo = v.pipe(
  v.optional(v.picklist(["true", "false"]), "false"),
  v.transform((text) => text === "true"),
);

export const number = (fallback: string, least: number) =>
  v.pipe(
    v.optional(v.string(), fallback),
    v.transform(Number),
    v.number("must be a number"),
    v.minValue(least, `must be at least ${least}`),
  );

/** @returns the schema of a number of something that lasts so many milliseconds; its output is in milliseconds */
const lasting = (ms: number) => (fallback: string, least: number) =>
  v.pipe(
    number(fallback, least),
    v.transform((count) => count * ms),
  );

export const seconds = lasting(1_000);
export const hours = lasting(3_600_000);
export const days = lasting(86_400_000);
