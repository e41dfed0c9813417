import { v5 } from "uuid";
import { expect, it } from "vitest";
import { deterministicId } from "../../../lib/contacts/attempt.ts";

it("gives a name the UUID of version 5 that everybody else would give it in our namespace", () => {
  const names = ["", "ä€😀", ...Array.from({ length: 100 }, (_, index) => `r-${index} revision ${index}`)];
  const namespace = "c1b3d1a4-6c2e-5f0e-9d52-3f2f6f6a7a10";
  expect(names.map(deterministicId)).toEqual(names.map((name) => v5(name, namespace)));
});
