import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flawIn, forbiddenKeys } from "../../../lib/http/json.ts";

const key = fc
  .oneof(fc.string({ unit: "binary" }), fc.constantFrom('"', "\\", '\\"', "{", "}:", "[", ':"', "a", "é"))
  .filter((name) => !forbiddenKeys.has(name));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 5 }, fc.constantFrom(null, true, 1e21, -0.5), key, tie("list"), tie("map")),
  list: fc.array(tie("any"), { maxLength: 4 }),
  map: fc.dictionary(key, tie("any"), { maxKeys: 4, noNullPrototype: true }),
})).any;

describe("what JSON.parse lets pass", () => {
  it("is not found where there is nothing of it, however it is written", () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, "\t", "  "), (any, indent) => {
        expect(flawIn(JSON.stringify(any, undefined, indent))).toBeUndefined();
      }),
    );
  });

  it("is found when it is a key that comes twice, in whatever spelling and wherever", () => {
    const spelt = (name: string) =>
      `"${[...Array(name.length).keys()].map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, "0")}`).join("")}"`;
    fc.assert(
      fc.property(key, value, fc.array(fc.boolean(), { maxLength: 20 }), (name, any, around) => {
        const twice = `{${JSON.stringify(name)} : ${JSON.stringify(any)}, ${spelt(name)} : 1}`;
        const json = around.reduce((inner, isList) => (isList ? `[0, ${inner}]` : `{"x":${inner}}`), twice);
        expect(() => JSON.parse(json)).not.toThrow();
        expect(flawIn(json)).toBe("repeated-key");
      }),
    );
  });

  it("is found when it is a key that could harm, and is no matter as a value", () => {
    for (const name of forbiddenKeys) {
      expect(flawIn(`[{"a":{"${name}":1}}]`)).toBe("forbidden-key");
      expect(flawIn(`[{"a":"${name}"}]`)).toBeUndefined();
    }
  });

  it("is found when it is nested more than 32 deep", () => {
    expect(flawIn(`${"[".repeat(32)}${"]".repeat(32)}`)).toBeUndefined();
    expect(flawIn(`${"[".repeat(33)}${"]".repeat(33)}`)).toBe("too-deep");
  });

  it("takes time in proportion, for a string of five million characters too", () => {
    expect(flawIn(`{"a":"${'\\"'.repeat(2_500_000)}"}`)).toBeUndefined();
  });
});
