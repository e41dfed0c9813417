import { inputMembers, type Location, operationOf, type Shape, shapeOf } from "./model.ts";

export type Step = { kind: "member"; name: string } | { kind: "item" } | { kind: "key" } | { kind: "value" };

/** A spot in the input where a value stands. */
export type Place = {
  /** `IdentityInfo.FirstName`, `Filters.Queues[]`, `Attributes{key}`, `Attributes{}`. */
  path: string;
  steps: readonly Step[];
  shapeName: string;
  shape: Shape;
  /** Of the top-level member that it belongs to. */
  location: Location;
  required: boolean;
};

/** Every place in the input. A shape is entered at most `nesting` times on the way to one. */
export function placesOf(operation: string, nesting = 1): Place[] {
  const found: Place[] = [];
  for (const { name, shapeName, location, required } of inputMembers(operation)) {
    const steps: Step[] = [{ kind: "member", name }];
    visit({ path: name, steps, shapeName, shape: shapeOf(shapeName), location, required }, [shapeName]);
  }
  return found;

  function visit(place: Place, inside: readonly string[]): void {
    found.push(place);
    const { path, steps, shape, location } = place;
    const enter = (path: string, step: Step, shapeName: string, required: boolean) => {
      if (inside.filter((name) => name === shapeName).length >= nesting) return;
      visit({ path, steps: [...steps, step], shapeName, shape: shapeOf(shapeName), location, required }, [
        ...inside,
        shapeName,
      ]);
    };
    if (shape.type === "structure") {
      for (const [name, member] of Object.entries(shape.members)) {
        enter(`${path}.${name}`, { kind: "member", name }, member.shape, shape.required.includes(name));
      }
    } else if (shape.type === "list") enter(`${path}[]`, { kind: "item" }, shape.member.shape, true);
    else if (shape.type === "map") {
      enter(`${path}{key}`, { kind: "key" }, shape.key.shape, true);
      enter(`${path}{}`, { kind: "value" }, shape.value.shape, true);
    }
  }
}

/** The last member on the way: what a message about the place has to name. */
export function memberOf({ steps }: Place): string {
  const names = steps.flatMap((step) => (step.kind === "member" ? [step.name] : []));
  return names.at(-1) ?? "";
}

export type ConstraintKind = "required" | "min" | "max" | "pattern" | "enum";

/** Every constraint that the model puts on the input, once for each place, recursion cut off. */
export function constraintsOf(operation: string): { path: string; kind: ConstraintKind }[] {
  return placesOf(operation).flatMap(({ path, steps, shape, required }) => {
    const kinds: ConstraintKind[] = required && steps.at(-1)?.kind === "member" ? ["required"] : [];
    if ("min" in shape && shape.min !== undefined) kinds.push("min");
    if ("max" in shape && shape.max !== undefined) kinds.push("max");
    if (shape.type === "string" && shape.pattern !== undefined) kinds.push("pattern");
    if (shape.type === "string" && shape.enum !== undefined) kinds.push("enum");
    return kinds.map((kind) => ({ path, kind }));
  });
}

export const constraintCount = (operation: string): number => constraintsOf(operation).length;

export const inputShapeOf = (operation: string): string => {
  const { input } = operationOf(operation);
  if (input === undefined) throw new Error(`${operation} takes no input`);
  return input;
};
