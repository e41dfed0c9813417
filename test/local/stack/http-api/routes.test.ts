import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { router } from "../../../../local/stack/http-api/routes.ts";

const matching = (routeKeys: string[]) => {
  const route = router(routeKeys.map((routeKey) => ({ routeKey })));
  return (request: string) => {
    const [method = "", path = ""] = request.split(" ");
    const match = route(method, path);
    return match && [match.route.routeKey, match.pathParameters];
  };
};

describe("of several routes that match", () => {
  const match = matching([
    "$default",
    "ANY /{proxy+}",
    "GET /pets/{proxy+}",
    "GET /pets/dog/{id}",
    "GET /pets/dog/1",
    "ANY /pets/dog/{id}",
  ]);
  it.each([
    ["GET /pets/dog/1", "GET /pets/dog/1", {}],
    ["GET /pets/dog/2", "GET /pets/dog/{id}", { id: "2" }],
    ["POST /pets/dog/1", "ANY /pets/dog/{id}", { id: "1" }],
    ["GET /pets/cat/1", "GET /pets/{proxy+}", { proxy: "cat/1" }],
    ["POST /pets/cat/1", "ANY /{proxy+}", { proxy: "pets/cat/1" }],
    ["POST /test/5", "ANY /{proxy+}", { proxy: "test/5" }],
    ["GET /", "$default", {}],
  ])("%s takes %s", (request, routeKey, pathParameters) => {
    expect(match(request)).toEqual([routeKey, pathParameters]);
  });
});

it("no route is found where there is none", () => {
  expect(matching(["GET /pets/{id}"])("GET /pets")).toBeUndefined();
  expect(matching(["GET /"])("GET /")).toEqual(["GET /", {}]);
});

it.each(["GET pets", "/pets", "GET /pets/{a+}/b", "GET /a{b}", "GET /{}", "get /pets"])(
  "%s is no route key",
  (routeKey) => {
    expect(() => matching([routeKey])).toThrow(routeKey);
  },
);

/** Says the rules again, one candidate against another, without sorting anything. */
function reference(routeKeys: string[], method: string, path: string): string | undefined {
  const parts = path.slice(1).split("/");
  const shapeOf = (key: string) => (key.split(" ")[1] ?? "").slice(1).split("/");
  const fits = (key: string) => {
    const [its] = key.split(" ");
    if (its !== "ANY" && its !== method) return false;
    const source = shapeOf(key).map((segment) =>
      segment.endsWith("+}") ? ".+" : segment.startsWith("{") ? "[^/]+" : segment,
    );
    return new RegExp(`^/${source.join("/")}$`).test(path);
  };
  const better = (one: string, other: string): boolean => {
    const kinds = [one, other].map((key) =>
      shapeOf(key).map((segment) => (segment.endsWith("+}") ? "c" : segment.startsWith("{") ? "b" : "a")),
    );
    for (let at = 0; at < parts.length; at++) {
      const [mine, its] = [kinds[0]?.[at] ?? "c", kinds[1]?.[at] ?? "c"];
      if (mine !== its) return mine < its;
    }
    return other.startsWith("ANY") && !one.startsWith("ANY");
  };
  const candidates = routeKeys.filter((key) => key !== "$default" && fits(key));
  const best = candidates.find((one) => candidates.every((other) => one === other || better(one, other)));
  return best ?? routeKeys.find((key) => key === "$default");
}

it("is what a naive reading of the rules finds, for any set of routes in any order", () => {
  const segment = fc.constantFrom("a", "b", "{p}");
  const path = fc
    .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
    .filter(([segments, greedy]) => segments.length > 0 || greedy)
    .map(([segments, greedy]) => `/${[...segments, ...(greedy ? ["{rest+}"] : [])].join("/")}`);
  const key = fc.tuple(fc.constantFrom("GET", "POST", "ANY"), path).map((parts) => parts.join(" "));
  // Of two routes that differ by nothing but a parameter's name, AWS takes no second one.
  const keys = fc.uniqueArray(fc.oneof({ weight: 9, arbitrary: key }, fc.constant("$default")), {
    maxLength: 12,
  });
  const asked = fc.array(fc.constantFrom("a", "b", "c", ""), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(keys, fc.constantFrom("GET", "POST", "PUT"), asked, (routeKeys, method, parts) => {
      const target = `/${parts.join("/")}`;
      const found = matching(routeKeys)(`${method} ${target}`);
      expect(found?.[0]).toBe(reference(routeKeys, method, target));
    }),
    { numRuns: 3_000, seed: 2 },
  );
});
