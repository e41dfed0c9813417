import { nastyText, noNumbers, strangeNumbers, wrongStructure } from "./hostile-values.ts";
import { inputMembers } from "./model.ts";
import { type Place, placesOf } from "./places.ts";
import type { Random } from "./random.ts";
import { bodyOf } from "./requests.ts";
import { changedAt, type Input } from "./sample.ts";

export type Target = { operation: string; valid: Input };

/** Stands for a piece of JSON until the text is made; no sample has it. */
const mark = "\u0001piece\u0001";

/** The body of a valid input with a piece of text where one value stood. Wrong by construction. */
export function withWrongPiece({ operation, valid }: Target, random: Random): string | undefined {
  const places = placesOf(operation, 2).filter(
    ({ location, steps }) => location === "body" && steps.at(-1)?.kind !== "key",
  );
  if (places.length === 0) return undefined;
  const place = random.pick(places);
  const input = changedAt(operation, valid, place, () => mark);
  return JSON.stringify(bodyOf(operation, input)).replace(JSON.stringify(mark), () => piece(place, random));
}

function piece({ shape }: Place, random: Random): string {
  switch (shape.type) {
    case "string":
      return random.chance(0.5) ? wrongStructure(random) : random.pick(strangeNumbers);
    case "boolean":
      return random.pick([wrongStructure(random), '"true"', "0", JSON.stringify(nastyText(random))]);
    case "list":
    case "map":
    case "structure":
      return random.chance(0.5) ? random.pick(strangeNumbers) : JSON.stringify(nastyText(random));
    default:
      return random.chance(0.4) ? wrongStructure(random) : random.pick(noNumbers);
  }
}

/** Nested so deep that a checker that calls itself runs out of stack; wrong at the bottom. */
export function bottomless({ operation, valid }: Target, random: Random): string | undefined {
  const loops = placesOf(operation, 2).filter(
    ({ steps, shapeName }) => steps.at(-1)?.kind === "item" && shapeName === shapeAt(operation, steps[0]),
  );
  if (loops.length === 0) return undefined;
  const { steps } = random.pick(loops);
  const [top, ...inner] = steps.flatMap((step) => (step.kind === "member" ? [step.name] : []));
  if (top === undefined || inner.length === 0) return undefined;
  const depth = 1 + random.below(8_000);
  const opening = inner.map((name) => `{"${name}":[`).join("");
  const closing = "]}".repeat(inner.length);
  const input = changedAt(operation, valid, { steps: [{ kind: "member", name: top }] }, () => mark);
  const nest = `${opening.repeat(depth)}1${closing.repeat(depth)}`;
  return JSON.stringify(bodyOf(operation, input)).replace(JSON.stringify(mark), () => nest);
}

function shapeAt(operation: string, step: Place["steps"][number] | undefined): string | undefined {
  if (step?.kind !== "member") return undefined;
  return inputMembers(operation).find(({ name }) => name === step.name)?.shapeName;
}

/** No JSON object, whatever `json` (an object) was. */
export function broken(json: string, random: Random): string | Buffer {
  const cut = random.below(json.length);
  return random.pick<() => string | Buffer>([
    () => json.slice(0, cut) || "{",
    () => `${json}${random.pick(["}", ",", "{}", "null", "\u0000", "//", "x"])}`,
    () => `${random.pick(["x", ")]}',\n", "\u0000", "//\n", "<xml/>"])}${json}`,
    () => json.replaceAll('"', "'"),
    () => `[${json}]`,
    () => JSON.stringify(json),
    () => random.pick(["null", "true", "1", '"x"', "[]", "\u0000", "{", "{]", "NaN", '{"a":}', '{"a" "b"}']),
    () => json.replace("{", "{,"),
    () => json.replace(/\}$/, ",}"),
    () => Buffer.from(json, "utf16le"),
    () => Buffer.from(Array.from({ length: 1 + random.below(300) }, () => 128 + random.below(128))),
    () => nastyText(random),
    () => wrongStructure(random).replace(/.$/, ""),
  ])();
}

/** What a lenient reader may forgive: the object (not an empty one) has to be wrong for another reason. */
export function smudged(json: string, random: Random): string | Buffer {
  const rest = json.slice(1);
  return random.pick<() => string | Buffer>([
    () => `\ufeff${json}`,
    () => `${" \n\t".repeat(random.below(500))}${json}`,
    () =>
      Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xc3, 0x28, 0xff, 0]), Buffer.from(`",${rest}`)]),
    () => `{"__proto__":${wrongStructure(random)},"constructor":1,${rest}`,
    () => `{${JSON.stringify(nastyText(random))}:"\\ud800",${rest}`,
    () => json,
  ])();
}

/** Everything that is required, but hung on the prototype. */
export const inherited = (json: string): string =>
  `{"__proto__":${json},"constructor":{"prototype":${json}}}`;
