import { inputMembers, patternOf, type Shape, type StringShape, shapeOf } from "./model.ts";
import { inputShapeOf, type Place, type Step } from "./places.ts";

export type Input = Record<string, unknown>;

/**
 * Real values, by the name of a top-level member or, at any depth, by the name of a shape. A member that is
 * named is always given; `undefined` leaves it out.
 */
export type Overlay = Readonly<Record<string, unknown>>;

/** `required`: what is named by the overlay and what is required. `all`: every member at every depth. */
export type Extent = "required" | "all";

export function sampleInput(operation: string, overlay: Overlay, extent: Extent = "required"): Input {
  const input: Input = {};
  for (const { name, shapeName, required } of inputMembers(operation)) {
    if (Object.hasOwn(overlay, name)) input[name] = overlay[name];
    else if (required || extent === "all") input[name] = sampleOf(shapeName, overlay, extent);
  }
  return structuredClone(input);
}

export function sampleOf(
  shapeName: string,
  overlay: Overlay = {},
  extent: Extent = "required",
  inside: readonly string[] = [],
): unknown {
  if (Object.hasOwn(overlay, shapeName)) return overlay[shapeName];
  const shape = shapeOf(shapeName);
  const sample = (name: string) => sampleOf(name, overlay, extent, [...inside, shapeName]);
  switch (shape.type) {
    case "structure": {
      const wanted = Object.entries(shape.members).filter(
        ([name, { shape: inner }]) =>
          shape.required.includes(name) || (extent === "all" && ![...inside, shapeName].includes(inner)),
      );
      return Object.fromEntries(wanted.map(([name, member]) => [name, sample(member.shape)]));
    }
    case "list":
      return inside.includes(shape.member.shape) ? [] : [sample(shape.member.shape)];
    case "map":
      return { [String(sample(shape.key.shape))]: sample(shape.value.shape) };
    case "string":
      return fitting(shapeName, shape);
    case "boolean":
      return true;
    case "timestamp":
      return 1_750_000_000;
    default:
      return numberWithin(shape);
  }
}

const candidates = ["sample", "+12065550100", "Passw0rd-", "5ca1ab1e-0000-4000-8000-000000000002"];

function fitting(shapeName: string, shape: StringShape): string {
  const values = shape.enum ?? candidates.map((text) => text.padEnd(shape.min ?? 0, "a"));
  const value = values.find((text) => fits(shapeName, shape, text));
  if (value === undefined) throw new Error(`no sample fits ${shapeName}`);
  return value;
}

/** Whether a text keeps the length and the pattern of its shape. */
export function fits(shapeName: string, { min = 0, max = Infinity }: StringShape, text: string): boolean {
  const kept = patternOf(shapeName)?.test(text) ?? true;
  return text.length >= min && text.length <= max && kept;
}

function numberWithin(shape: Shape): number {
  const { min = 1, max = Infinity } = shape as { min?: number; max?: number };
  return Math.min(Math.max(min, 1), max);
}

/** The input with another value at one place. What is not there on the way is put there, no more than required. */
export function changedAt(
  operation: string,
  input: Input,
  { steps }: Pick<Place, "steps">,
  change: (value: unknown) => unknown,
): Input {
  return put(input, inputShapeOf(operation), steps, change) as Input;
}

function put(
  value: unknown,
  shapeName: string,
  steps: readonly Step[],
  change: (value: unknown) => unknown,
): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value ?? sampleOf(shapeName));
  const shape = shapeOf(shapeName);
  if (shape.type === "list") {
    const [first, ...others] = Array.isArray(value) ? value : [];
    return [put(first, shape.member.shape, rest, change), ...others];
  }
  const whole = isObject(value) ? value : (sampleOf(shapeName) as Input);
  if (shape.type === "map") {
    const [[key, inner] = ["sample", undefined], ...others] = Object.entries(whole);
    const entry: [string, unknown] =
      step.kind === "key"
        ? [String(change(key)), inner ?? sampleOf(shape.value.shape)]
        : [key, put(inner, shape.value.shape, rest, change)];
    return Object.fromEntries([entry, ...others]);
  }
  if (shape.type !== "structure" || step.kind !== "member") throw new Error(`${shapeName} has no such place`);
  const member = shape.members[step.name];
  if (member === undefined) throw new Error(`${shapeName} has no member ${step.name}`);
  return { ...whole, [step.name]: put(whole[step.name], member.shape, rest, change) };
}

const isObject = (value: unknown): value is Input =>
  typeof value === "object" && value !== null && !Array.isArray(value);
