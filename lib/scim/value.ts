import { invalidValue } from "./fault.ts";
import { type Attribute, attributeNamed } from "./schema.ts";

export type Json = Record<string, unknown>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text of which upper and lower case do not matter: what is the same to an identity provider is equal. */
export const foldedText = (text: string): string => text.normalize("NFC").toLowerCase();

/** SCIM holds null, an empty list and no value at all to be the same; an empty text or object says nothing either. */
export const isUnassigned = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Of the members of an object those that are attributes, under their own names and with values of their types. */
export function valuesIn(input: Json, attributes: Attribute[]): Json {
  const values: Json = {};
  for (const [name, value] of Object.entries(input)) {
    const attribute = attributeNamed(name, attributes);
    const typed = attribute && !isUnassigned(value) ? typedValue(value, attribute) : undefined;
    if (attribute && !isUnassigned(typed)) values[attribute.name] = typed;
  }
  return values;
}

/**
 * @returns the value in the type of its attribute. Identity providers send "True" for true, numbers as text, and one value where a
 * list is due
 * @throws ScimFault naming the attribute
 */
export function typedValue(value: unknown, attribute: Attribute): unknown {
  if (!attribute.multiValued) return single(value, attribute);
  const values = Array.isArray(value) ? value : [value];
  return values
    .filter((one) => !isUnassigned(one))
    .map((one) => single(one, attribute))
    .filter((one) => hasRequired(one, attribute));
}

/** An e-mail address that is nothing but of a type is none. */
export const hasRequired = (value: unknown, { subAttributes = [] }: Attribute): boolean =>
  subAttributes.every(({ name, required }) => !required || (isObject(value) && !isUnassigned(value[name])));

/** Of one value of a list, if the attribute has several. */
export function single(value: unknown, { name, type, multiValued, subAttributes }: Attribute): unknown {
  switch (type) {
    case "complex":
      if (isObject(value)) return valuesIn(value, subAttributes ?? []);
      break;
    case "boolean": {
      const said = typeof value === "string" ? value.toLowerCase() : value;
      if (said === true || said === "true") return true;
      if (said === false || said === "false") return false;
      break;
    }
    case "integer":
      if (typeof value === "number" || (typeof value === "string" && /^\d{1,9}$/.test(value)))
        return Number(value);
      break;
    case "string":
      if (typeof value === "string") return value;
      // A list of texts comes as a list of objects as well.
      if (multiValued && isObject(value) && typeof value["value"] === "string") return value["value"];
      break;
  }
  throw invalidValue(`${name} must be of the type ${type}`);
}
