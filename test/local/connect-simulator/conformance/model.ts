import { readFileSync } from "node:fs";
import * as v from "valibot";

const target = v.object({
  shape: v.string(),
  location: v.exactOptional(v.picklist(["uri", "querystring", "header"])),
  locationName: v.exactOptional(v.string()),
});

const bounds = { min: v.exactOptional(v.number()), max: v.exactOptional(v.number()) };

const shapeSchema = v.variant("type", [
  v.object({
    type: v.literal("structure"),
    members: v.record(v.string(), target),
    required: v.optional(v.array(v.string()), []),
    union: v.optional(v.boolean(), false),
    error: v.exactOptional(v.object({ httpStatusCode: v.number() })),
  }),
  v.object({ type: v.literal("list"), member: target, ...bounds }),
  v.object({ type: v.literal("map"), key: target, value: target, ...bounds }),
  v.object({
    type: v.literal("string"),
    pattern: v.exactOptional(v.string()),
    enum: v.exactOptional(v.array(v.string())),
    ...bounds,
  }),
  v.object({ type: v.picklist(["integer", "long", "float", "double"]), ...bounds }),
  v.object({ type: v.picklist(["boolean", "timestamp"]) }),
]);

const operationSchema = v.object({
  method: v.picklist(["GET", "POST", "PUT", "DELETE"]),
  uri: v.string(),
  errors: v.array(v.string()),
  input: v.exactOptional(v.string()),
  output: v.exactOptional(v.string()),
});

export type Shape = v.InferOutput<typeof shapeSchema>;
export type StringShape = Extract<Shape, { type: "string" }>;
export type ModelOperation = v.InferOutput<typeof operationSchema>;
export type Location = "uri" | "querystring" | "header" | "body";
export type InputMember = {
  name: string;
  shapeName: string;
  location: Location;
  /** In the path, the query or the body. */
  wireName: string;
  required: boolean;
};

const model = v.parse(
  v.object({
    operations: v.record(v.string(), operationSchema),
    shapes: v.record(v.string(), shapeSchema),
  }),
  JSON.parse(readFileSync(new URL("connect-model.json", import.meta.url), "utf8")),
);

export const modelledOperations: readonly string[] = Object.keys(model.operations);

export function operationOf(name: string): ModelOperation {
  const operation = model.operations[name];
  if (operation === undefined) throw new Error(`the model has no operation ${name}`);
  return operation;
}

export function shapeOf(name: string): Shape {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`the model has no shape ${name}`);
  return shape;
}

export function inputMembers(operation: string): InputMember[] {
  const { input } = operationOf(operation);
  const shape = input === undefined ? undefined : shapeOf(input);
  if (shape?.type !== "structure") return [];
  return Object.entries(shape.members).map(([name, member]) => ({
    name,
    shapeName: member.shape,
    location: member.location ?? "body",
    wireName: member.locationName ?? name,
    required: shape.required.includes(name),
  }));
}

/** Error type to HTTP status. */
export const modelledErrors = (operation: string): ReadonlyMap<string, number> =>
  new Map(
    operationOf(operation).errors.map((name) => {
      const shape = shapeOf(name);
      const status = shape.type === "structure" ? shape.error?.httpStatusCode : undefined;
      if (status === undefined) throw new Error(`the error ${name} has no status`);
      return [name, status];
    }),
  );

// Where the published pattern, taken at its word, would refuse every real value.
const intendedPatterns: Readonly<Record<string, string>> = {
  // One level of escape too many.
  PhoneNumber: String.raw`^\+[1-9]\d{1,14}$`,
  PhoneNumberPrefix: String.raw`^\+?[0-9]{1,11}$`,
  // Published with the slashes of a JavaScript literal.
  Password: String.raw`^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}$`,
};

const compiled = new Map<string, RegExp>();

/** Found anywhere in the value unless the pattern itself says otherwise, as Smithy has it. */
export function patternOf(shapeName: string): RegExp | undefined {
  const shape = shapeOf(shapeName);
  if (shape.type !== "string" || shape.pattern === undefined) return undefined;
  const known = compiled.get(shapeName);
  if (known !== undefined) return known;
  const pattern = new RegExp(intendedPatterns[shapeName] ?? shape.pattern, "u");
  compiled.set(shapeName, pattern);
  return pattern;
}
