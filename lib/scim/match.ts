import { type Compare, type Filter, filter as testerOf } from "scim2-parse-filter";
import { type Attribute, agentUrn, attributeNamed, withoutCore } from "./schema.ts";
import { foldedText, type Json, typedValue } from "./value.ts";

/**
 * Whether an object is as the filter says. Text is compared without regard to upper and lower case where its attribute says so,
 * which the library does not do.
 */
export function matcherOf(filter: Filter, attributes: Attribute[]): (value: Json) => boolean {
  const matches = testerOf(folded(filter, attributes));
  return (value) => matches(foldedValue(value, attributes));
}

/** The values that a filter asks for, where it says of each what it is: `type eq "work"`. */
export function valuesAskedFor(filter: Filter, attributes: Attribute[]): Json | undefined {
  if (filter.op === "eq") {
    const attribute = attributeNamed(filter.attrPath, attributes);
    return attribute && { [attribute.name]: typedValue(filter.compValue, attribute) };
  }
  if (filter.op !== "and") return undefined;
  const parts = filter.filters.map((one) => valuesAskedFor(one, attributes));
  return parts.some((part) => part === undefined) ? undefined : Object.assign({}, ...parts);
}

function folded(filter: Filter, attributes: Attribute[]): Filter {
  switch (filter.op) {
    case "and":
    case "or":
      return { ...filter, filters: filter.filters.map((one) => folded(one, attributes)) };
    case "not":
      return { ...filter, filter: folded(filter.filter, attributes) };
    case "[]": {
      const attrPath = withoutCore(filter.attrPath);
      return {
        ...filter,
        attrPath,
        valFilter: folded(filter.valFilter, subAttributesOf(attrPath, attributes)),
      };
    }
    case "pr":
      return { ...filter, attrPath: withoutCore(filter.attrPath) };
    default: {
      const attrPath = withoutCore(filter.attrPath);
      return {
        ...filter,
        attrPath,
        compValue: comparable(filter.compValue, attributeAt(attrPath, attributes)),
      };
    }
  }
}

const booleans: Record<string, boolean> = { true: true, false: false };

type Compared = Compare["compValue"];

function comparable(value: Compared, attribute: Attribute | undefined): Compared {
  if (typeof value !== "string") return value;
  // Entra ID asks for active eq "False".
  if (attribute?.type === "boolean") return booleans[value.toLowerCase()] ?? value;
  return attribute?.caseExact ? value : foldedText(value);
}

/** The attributes of our extension, and what stands in no schema, are exact. */
function foldedValue(value: Json, attributes: Attribute[]): Json {
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const attribute = attributeNamed(name, attributes);
      return [name, attribute ? foldedIn(one, attribute) : one];
    }),
  );
}

function foldedIn(value: unknown, attribute: Attribute): unknown {
  if (Array.isArray(value)) return value.map((one) => foldedIn(one, attribute));
  if (typeof value === "string") return attribute.caseExact ? value : foldedText(value);
  if (typeof value !== "object" || value === null) return value;
  return attribute.subAttributes ? foldedValue({ ...value }, attribute.subAttributes) : value;
}

const subAttributesOf = (path: string, attributes: Attribute[]): Attribute[] =>
  attributeNamed(path, attributes)?.subAttributes ?? [];

function attributeAt(path: string, attributes: Attribute[]): Attribute | undefined {
  if (path.toLowerCase().startsWith(`${agentUrn.toLowerCase()}:`)) return exact;
  const [name = "", sub] = path.split(".");
  const attribute = attributeNamed(name, attributes);
  return sub === undefined || attribute?.subAttributes === undefined
    ? attribute
    : attributeNamed(sub, attribute.subAttributes);
}

const exact: Attribute = { name: "", type: "string", description: "", caseExact: true };
