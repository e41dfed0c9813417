import { operationOf, patternOf, type Shape, shapeOf } from "./model.ts";

export type Check = "min" | "max" | "pattern" | "enum" | "required" | "union";
/** `only`: the values that are excused; all when it is not given. */
export type Quirk = { shape: string; check: Check; reason: string; only?: (value: unknown) => boolean };

/** Where Amazon Connect's own replies go beyond its model. */
export const knownQuirks: readonly Quirk[] = [
  {
    shape: "ContactTagKey",
    check: "pattern",
    reason: "the pattern keeps callers from setting aws: tags; the system tags of a reply are such tags",
    only: (key) => String(key).startsWith("aws:"),
  },
  {
    shape: "TagMap",
    check: "min",
    reason: "AWS's sample of describe-user has Tags: {}",
  },
  {
    shape: "SensitivePhoneNumber",
    check: "pattern",
    reason: 'AWS\'s sample of describe-user has DeskPhoneNumber: ""',
    only: (value) => value === "",
  },
];

/** What is wrong with the body of a 200 reply; empty when it is as the model has it. */
export function problemsOf(
  operation: string,
  body: unknown,
  quirks: readonly Quirk[] = knownQuirks,
): string[] {
  const { output } = operationOf(operation);
  if (output !== undefined) return problemsAt("reply", body, output, quirks);
  const empty = body === undefined || (isObject(body) && Object.keys(body).length === 0);
  return empty ? [] : ["reply: there should be none"];
}

/** What is wrong with a value that should be of the shape. */
export function problemsAt(
  path: string,
  value: unknown,
  shapeName: string,
  quirks: readonly Quirk[],
): string[] {
  const shape = shapeOf(shapeName);
  if (!hasType(value, shape)) return [`${path}: ${shown(value)} is no ${shape.type}`];
  const own = brokenConstraints(value, shapeName, shape)
    .filter(({ check }) => !quirks.some((quirk) => excuses(quirk, shapeName, check, value)))
    .map(({ what }) => `${path}: ${what}`);
  const inner = partsOf(path, value, shape).flatMap((part) =>
    part.shapeName === undefined
      ? [`${part.path}: is not in the model`]
      : problemsAt(part.path, part.value, part.shapeName, quirks),
  );
  return [...own, ...inner];
}

const excuses = (quirk: Quirk, shapeName: string, check: Check, value: unknown): boolean =>
  quirk.shape === shapeName && quirk.check === check && (quirk.only?.(value) ?? true);

type Broken = { check: Check; what: string };

function brokenConstraints(value: unknown, shapeName: string, shape: Shape): Broken[] {
  const size = sizeOf(value);
  const { min = -Infinity, max = Infinity } = shape as { min?: number; max?: number };
  const broken: Broken[] = [];
  if (size < min) broken.push({ check: "min", what: `${size} is less than ${min}` });
  if (size > max) broken.push({ check: "max", what: `${size} is more than ${max}` });
  if (shape.type === "string") {
    const text = String(value);
    const known = shape.enum?.includes(text) ?? true;
    if (!known) broken.push({ check: "enum", what: `${shown(text)} is not in the enum` });
    const kept = patternOf(shapeName)?.test(text) ?? true;
    if (!kept) broken.push({ check: "pattern", what: `${shown(text)} breaks the pattern` });
  }
  if (shape.type === "structure") {
    const names = Object.keys(value as object);
    for (const name of shape.required) {
      if (!names.includes(name)) broken.push({ check: "required", what: `${name} is missing` });
    }
    if (shape.union && names.length !== 1) broken.push({ check: "union", what: "a union has one member" });
  }
  return broken;
}

/** `shapeName` undefined: a member that the model does not know. */
type Part = { path: string; value: unknown; shapeName: string | undefined };

function partsOf(path: string, value: unknown, shape: Shape): Part[] {
  if (shape.type === "list") {
    const items = value as unknown[];
    return items.map((item, at) => ({ path: `${path}[${at}]`, value: item, shapeName: shape.member.shape }));
  }
  if (shape.type === "map") {
    return Object.entries(value as object).flatMap(([key, inner]) => [
      { path: `${path}{key ${key}}`, value: key, shapeName: shape.key.shape },
      { path: `${path}.${key}`, value: inner, shapeName: shape.value.shape },
    ]);
  }
  if (shape.type !== "structure") return [];
  return Object.entries(value as object).map(([name, inner]) => ({
    path: `${path}.${name}`,
    value: inner,
    shapeName: Object.hasOwn(shape.members, name) ? shape.members[name]?.shape : undefined,
  }));
}

function hasType(value: unknown, { type }: Shape): boolean {
  switch (type) {
    case "string":
    case "boolean":
      return typeof value === type;
    case "list":
      return Array.isArray(value);
    case "map":
    case "structure":
      return isObject(value);
    case "integer":
    case "long":
      return Number.isInteger(value);
    default:
      return typeof value === "number";
  }
}

/** What min and max speak of: characters, items, entries, or the number itself. */
function sizeOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : 0;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, 80);
