import * as v from "valibot";

/** Values that a configuration has in several places. */

export const text = v.pipe(v.string(), v.minLength(1), v.maxLength(256));

export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

export const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Simulated seconds. */
export const range = v.pipe(
  v.tuple([v.pipe(v.number(), v.minValue(0)), v.pipe(v.number(), v.minValue(0))]),
  v.check(([least, most]) => least <= most, "must be [least, most]"),
);

export const channel = v.picklist(["VOICE", "CHAT", "TASK", "EMAIL"]);

export const e164 = v.pipe(
  v.string(),
  v.regex(/^\+[1-9]\d{1,14}$/, "must be a telephone number in E.164 format"),
);
