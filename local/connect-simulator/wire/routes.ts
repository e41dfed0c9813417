import { operations } from "../operations/index.ts";
import knownOperations from "./known-operations.json" with { type: "json" };
import type { Operation } from "./operation.ts";
import { unsupportedOperation, type WireError } from "./wire-error.ts";

type Route = { operation: Operation; labels: Record<string, string> };

/** By method and number of segments. */
const patterns = Map.groupBy(
  operations.map((operation) => ({ operation, segments: operation.path.split("/") })),
  ({ operation, segments }) => `${operation.method} ${segments.length}`,
);

// Split first, decode second: an ARN as a label carries encoded slashes.
export function routeOf(method: string, path: string): Route | undefined {
  const given = path.split("/");
  for (const { operation, segments } of patterns.get(`${method} ${given.length}`) ?? []) {
    if (!fits(segments, given)) continue;
    const labels: Record<string, string> = {};
    for (const [index, segment] of segments.entries()) {
      if (segment.startsWith("{")) labels[segment.slice(1, -1)] = given[index] ?? "";
    }
    return { operation, labels };
  }
  return undefined;
}

const fits = (segments: readonly string[], given: readonly string[]): boolean =>
  segments.length === given.length &&
  segments.every((segment, index) => segment.startsWith("{") || segment === given[index]);

const fixed = (segments: readonly string[]): number => segments.filter((one) => !one.startsWith("{")).length;

/** Of the whole of Connect's API, the most specific operation first. */
const known = Object.entries(knownOperations)
  .map(([name, wire]) => {
    const [method = "", path = ""] = wire.split(" ");
    return { name, method, segments: path.split("/") };
  })
  .sort((a, b) => fixed(b.segments) - fixed(a.segments));

/** Names the operation of Connect's that the request is for, if it is one. */
export function unknownRoute(method: string, path: string): WireError {
  const given = path.split("/");
  const meant = known.find((one) => one.method === method && fits(one.segments, given));
  const shown = `${method} ${path.slice(0, 200)}`;
  return unsupportedOperation(
    meant === undefined
      ? `Amazon Connect has no operation at ${shown}`
      : `${meant.name} is an operation of Amazon Connect that the simulator does not have (${shown})`,
  );
}
