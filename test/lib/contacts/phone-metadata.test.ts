import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { build } from "esbuild";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { readPhoneNumber } from "../../../lib/contacts/phone-number.ts";

const require = createRequire(import.meta.url);
const plugins = require("../../../build/esbuild-plugins.cjs");
const examples = JSON.parse(
  readFileSync("node_modules/libphonenumber-js/examples.mobile.json", "utf8"),
) as Record<string, string>;

describe("the phone-number metadata of the bundle, without its formats", () => {
  let bundled: typeof readPhoneNumber;
  beforeAll(async () => {
    const entryPoints = ["lib/contacts/phone-number.ts"];
    const built = await build({
      entryPoints,
      bundle: true,
      platform: "node",
      format: "esm",
      write: false,
      plugins,
    });
    const code = built.outputFiles[0]?.text ?? "";
    bundled = (await import(`data:text/javascript,${encodeURIComponent(code)}`)).readPhoneNumber;
  });

  it("reads the example of every country as the whole metadata does", () => {
    for (const [country, number] of Object.entries(examples)) {
      expect(bundled(number, country)).toEqual(readPhoneNumber(number, country));
      expect(bundled(`0${number}`, country)).toEqual(readPhoneNumber(`0${number}`, country));
    }
  });

  it("reads any number as the whole metadata does (property)", () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 15 })
      .map((all) => all.join(""));
    const country = fc.option(fc.constantFrom(...Object.keys(examples)), { nil: undefined });
    fc.assert(
      fc.property(digits, country, fc.boolean(), (number, where, plus) => {
        const text = plus || !where ? `+${number}` : number;
        expect(bundled(text, where)).toEqual(readPhoneNumber(text, where));
      }),
      { numRuns: 3_000, seed: 11 },
    );
  });
});
