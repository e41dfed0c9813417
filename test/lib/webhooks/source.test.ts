import { describe, expect, it } from "vitest";
import { mappingOf } from "../../../lib/webhooks/mapping.ts";
import { readSources } from "../../../lib/webhooks/source.ts";

const files = (name: string, source?: object | string, mapping?: string) => ({
  name,
  source: typeof source === "object" ? JSON.stringify(source) : source,
  mapping,
});
const ours = { signature: { form: "contact-automation" }, messages: "ours" };

describe("the sources", () => {
  it("have what is usual where nothing is said", () => {
    expect(readSources([files("crm", ours)]).get("crm")).toEqual({
      name: "crm",
      signature: {
        form: "contact-automation",
        header: "x-contact-automation-signature",
        windowSeconds: 300,
      },
      contentTypes: ["application/json"],
      bodyLimitInBytes: 262_144,
      messages: "ours",
      headers: [],
    });
  });

  it("name all that is wrong with all of them in one error", () => {
    const read = () =>
      readSources([
        files("Crm", ours),
        files("empty"),
        files("text", "{"),
        files("fields", { ...ours, secret: "x", bodyLimitInBytes: 0, signature: { form: "md5" } }),
        files("unmapped", { ...ours, messages: "mapping" }),
        files("too-much", ours, "$"),
        files("syntax", { ...ours, messages: "mapping" }, "{ 'a': "),
        files("good", ours),
      ]);
    expect(read).toThrow(
      /Crm: the name.*empty: there is no source.json.*text: source.json is not JSON.*fields:.*signature.*fields:.*bodyLimitInBytes.*fields:.*secret is not a known field.*unmapped: there is no mapping.*too-much:.*messages is ours.*syntax: mapping.jsonata/s,
    );
    expect(read).not.toThrow(/good/);
  });
});

describe("a mapping", () => {
  const run = async (expression: string, body: unknown, headers = {}) => {
    const made = mappingOf(expression);
    if (made.kind === "wrong") throw new Error(made.why);
    return made.mapping(body, headers);
  };

  it("sees the body and the chosen headers", async () => {
    const result = await run('{ "a": a, "b": $headers.`x-b` }', { a: 1 }, { "x-b": "2" });
    expect(result).toEqual({ kind: "mapped", value: { a: 1, b: "2" } });
  });

  it("that goes on for ever is ended", async () => {
    expect(await run("($f := function($x) { $f($x + 1) }; $f(0))", {})).toEqual({
      kind: "not-mapped",
      why: "D1012",
    });
    expect(await run("($f := function($x) { 1 + $f($x) }; $f(0))", {})).toEqual({
      kind: "not-mapped",
      why: "D1011",
    });
    expect(await run("[1..20000][$ > 0]", {})).toMatchObject({ kind: "not-mapped" });
  });

  it("gives the same for the same: it knows neither the time nor chance", async () => {
    for (const expression of ["$now()", "$millis()", "$random()", "$shuffle([1, 2])"])
      expect(await run(expression, {}), expression).toEqual({ kind: "not-mapped", why: "T1006" });
  });

  it("cannot run what a body holds, and its error does not quote it", async () => {
    expect(await run("$eval(code)", { code: "1 + 1" })).toEqual({ kind: "not-mapped", why: "T1006" });
    expect(await run("$number(phone)", { phone: "+1206x" })).toEqual({ kind: "not-mapped", why: "D3030" });
    expect(await run("$error(phone)", { phone: "+1206x" })).toEqual({ kind: "not-mapped", why: "D3137" });
  });

  it("that finds nothing is no failure, and what JSON cannot say is one", async () => {
    expect(await run("a.b", {})).toEqual({ kind: "mapped", value: undefined });
    expect(await run('{"f": function($x) { $x }}', {})).toEqual({ kind: "not-mapped", why: "unknown" });
  });
});
