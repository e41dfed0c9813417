/** `GET /pets/{id}`, `ANY /pets/{proxy+}` or `$default`, as the template has it. */
export interface Keyed {
  routeKey: string;
}

export interface Match<Route> {
  route: Route;
  pathParameters: Record<string, string>;
}

type Segment = { kind: "text" | "parameter" | "greedy"; name: string };
interface Pattern<Route> {
  route: Route;
  method: string;
  segments: Segment[];
}

/** Less is more specific. */
const rank = { text: 0, parameter: 1, greedy: 2 } as const satisfies Record<Segment["kind"], number>;

/**
 * Which route a request takes: the most specific path, from left to right, and for one path its method before `ANY`.
 * @returns given a method and a decoded path, the match, if there is one
 * @throws Error naming a route key that is not understood
 */
export function router<Route extends Keyed>(
  routes: Route[],
): (method: string, path: string) => Match<Route> | undefined {
  const fallback = routes.find(({ routeKey }) => routeKey === "$default");
  const patterns = routes
    .filter((route) => route !== fallback)
    .map(patternOf)
    .sort(compare);
  return (method, path) => {
    const parts = path.slice(1).split("/");
    for (const pattern of patterns) {
      if (pattern.method !== "ANY" && pattern.method !== method) continue;
      const pathParameters = parametersOf(pattern.segments, parts);
      if (pathParameters) return { route: pattern.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: {} };
  };
}

function patternOf<Route extends Keyed>(route: Route): Pattern<Route> {
  const [, method, path] = /^([A-Z]+) \/(\S*)$/.exec(route.routeKey) ?? [];
  if (method === undefined || path === undefined)
    throw new Error(`The route key ${route.routeKey} is not understood`);
  const segments = path.split("/").map((text): Segment => {
    const [, name, greedy] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
    if (name === undefined) return { kind: "text", name: text };
    return { kind: greedy ? "greedy" : "parameter", name };
  });
  const odd = segments.some(
    ({ kind, name }, at) =>
      (kind === "text" && /[{}]/.test(name)) || (kind === "greedy" && at < segments.length - 1),
  );
  if (odd) throw new Error(`The path of the route ${route.routeKey} is not understood`);
  return { route, method, segments };
}

function compare(one: Pattern<unknown>, other: Pattern<unknown>): number {
  for (const [at, segment] of one.segments.entries()) {
    const against = other.segments[at];
    if (!against) break;
    const difference = rank[segment.kind] - rank[against.kind];
    if (difference !== 0) return difference;
  }
  const longer = one.segments.length - other.segments.length;
  return longer || Number(one.method === "ANY") - Number(other.method === "ANY");
}

/** A parameter is never empty. @returns undefined where the path does not match */
function parametersOf(segments: Segment[], parts: string[]): Record<string, string> | undefined {
  const isGreedy = segments.at(-1)?.kind === "greedy";
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length) return undefined;
  const found: [string, string][] = [];
  for (const [at, { kind, name }] of segments.entries()) {
    const value = kind === "greedy" ? parts.slice(at).join("/") : (parts[at] ?? "");
    if (kind === "text" ? value !== name : value === "") return undefined;
    if (kind !== "text") found.push([name, value]);
  }
  return Object.fromEntries(found);
}
