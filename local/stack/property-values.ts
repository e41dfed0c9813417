import * as v from "valibot";

/** Has an effect on AWS and none on one machine: nothing here encrypts, backs up, expires, bills or traces. */
export const withoutEffect = v.optional(v.unknown());
export const text = v.string();
export const number = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.finite());
export const flag = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])]),
  v.transform((value) => String(value) === "true"),
);
