import { resourceNotFound } from "../wire/wire-error.ts";
import type { World } from "../world.ts";
import type { Instance } from "./instance.ts";
import type { ArnKind } from "./place.ts";

/** What is behind the last slash of an ARN of that kind in this instance, or the id itself. */
export function bareId(given: string, kind: ArnKind, { place }: Instance): string {
  const beginning = place.arn(kind, "");
  return given.startsWith(beginning) ? given.slice(beginning.length) : given;
}

/** Callers may name the instance by its id or its ARN. */
export function findInstance(given: string, { instances }: World): Instance {
  const found =
    instances.get(given) ?? [...instances.values()].find(({ place }) => place.instanceArn === given);
  if (found === undefined) throw resourceNotFound(`InstanceId: there is no instance ${given}`);
  return found;
}

/** Where the API has no other name for it; `member` is the input that named it. */
export function findInstanceByArn(given: string, member: string, { instances }: World): Instance {
  const found = [...instances.values()].find(({ place }) => place.instanceArn === given);
  if (found === undefined) throw resourceNotFound(`${member}: there is no instance ${given.slice(0, 200)}`);
  return found;
}

/** A row by its id or its ARN; `member` is the input that named it. */
export function findRow<Row>(
  rows: { get(id: string): Row | undefined },
  given: string,
  kind: ArnKind,
  instance: Instance,
  member: string,
): Row {
  const found = rows.get(bareId(given, kind, instance));
  if (found === undefined)
    throw resourceNotFound(`${member}: there is no ${kind.replaceAll("-", " ")} ${given}`);
  return found;
}
