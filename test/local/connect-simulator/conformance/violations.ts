import type { Shape, StringShape } from "./model.ts";
import { memberOf, type Place, placesOf } from "./places.ts";
import { changedAt, fits, type Input, sampleOf } from "./sample.ts";

/** One constraint of the model, broken, in an input that is otherwise valid. */
export type Violation = {
  /** `IdentityInfo.FirstName: longer than 255`. */
  name: string;
  /** What the reply's message has to name. */
  member: string;
  input: Input;
  /** The same break in another input. */
  breakIn(input: Input): Input;
};

/** `value` undefined: left out. */
type Break = { what: string; value: (valid: unknown) => unknown };

/** A shape inside itself is broken too, once. */
const nesting = 2;

export function violationsOf(operation: string, valid: Input): Violation[] {
  return placesOf(operation, nesting).flatMap((place) =>
    breaksOf(place).map(({ what, value }) => {
      const breakIn = (input: Input) => changedAt(operation, input, place, value);
      return { name: `${place.path}: ${what}`, member: memberOf(place), input: breakIn(valid), breakIn };
    }),
  );
}

function breaksOf(place: Place): Break[] {
  return [...missing(place), ...wrongTypes(place), ...outOfBounds(place)];
}

function missing({ location, required, steps }: Place): Break[] {
  const leftOut = required && location !== "uri" && steps.at(-1)?.kind === "member";
  return leftOut ? [{ what: "missing", value: () => undefined }] : [];
}

const jsonTypes: Readonly<Record<string, unknown>> = {
  text: "text",
  number: 7,
  boolean: true,
  list: [],
  object: {},
};

function jsonTypeOf({ type }: Shape): string {
  if (type === "string") return "text";
  if (type === "structure" || type === "map") return "object";
  return type === "boolean" || type === "list" ? type : "number";
}

function wrongTypes({ location, required, shape, steps }: Place): Break[] {
  const right = jsonTypeOf(shape);
  const isWhole = shape.type === "integer" || shape.type === "long";
  const fraction = isWhole ? [{ what: "not whole", value: () => 20.5 }] : [];
  if (location !== "body") {
    return right === "number" ? [{ what: "text", value: () => "text" }, ...fraction] : [];
  }
  if (steps.at(-1)?.kind === "key") return [];
  const others = Object.entries(jsonTypes).filter(([type]) => type !== right);
  return [
    ...others.map(([type, value]) => ({ what: `${type}, not ${right}`, value: () => value })),
    ...(right === "number" ? [{ what: "a number as text", value: (valid: unknown) => String(valid) }] : []),
    ...fraction,
    ...(required ? [{ what: "null", value: () => null }] : []),
  ];
}

function outOfBounds({ shape, shapeName }: Place): Break[] {
  const { min, max } = shape as { min?: number; max?: number };
  switch (shape.type) {
    case "string":
      return textBreaks(shape, shapeName);
    case "list":
    case "map":
      return [
        ...(min !== undefined && min > 0
          ? [{ what: `fewer than ${min}`, value: () => collection(shape, min - 1) }]
          : []),
        ...(max === undefined ? [] : [{ what: `more than ${max}`, value: () => collection(shape, max + 1) }]),
      ];
    case "integer":
    case "long":
    case "float":
    case "double":
      return [
        ...(min === undefined ? [] : [{ what: `below ${min}`, value: () => min - 1 }]),
        ...(max === undefined ? [] : [{ what: `above ${max}`, value: () => max + 1 }]),
      ];
    default:
      return [];
  }
}

function collection(shape: Extract<Shape, { type: "list" | "map" }>, size: number): unknown {
  const numbers = Array.from({ length: size }, (_, index) => index);
  if (shape.type === "list") return numbers.map(() => sampleOf(shape.member.shape));
  const key = String(sampleOf(shape.key.shape));
  return Object.fromEntries(numbers.map((index) => [`${key}${index}`, sampleOf(shape.value.shape)]));
}

/** Broken in every reading of a pattern, anchored or not. */
const candidates = ["#".repeat(20), "not-a-sample#"];

function textBreaks(shape: StringShape, shapeName: string): Break[] {
  const { min = 0, max, pattern } = shape;
  const breaks: Break[] = [];
  if (min > 0) breaks.push({ what: `shorter than ${min}`, value: () => "a".repeat(min - 1) });
  if (max !== undefined) breaks.push({ what: `longer than ${max}`, value: () => "a".repeat(max + 1) });
  if (shape.enum !== undefined) breaks.push({ what: "not in the enum", value: () => "NOT_IN_THE_ENUM" });
  if (pattern !== undefined) {
    const broken = candidates.find((text) => fits("String", shape, text) && !fits(shapeName, shape, text));
    if (broken === undefined) throw new Error(`nothing breaks the pattern of ${shapeName}`);
    breaks.push({ what: "against the pattern", value: () => broken });
  }
  return breaks;
}
