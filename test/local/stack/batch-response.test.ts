import { expect, it } from "vitest";
import { failuresIn } from "../../../local/stack/batch-response.ts";

it.each([
  [undefined, []],
  [null, []],
  [{}, []],
  [{ batchItemFailures: null }, []],
  [{ batchItemFailures: [] }, []],
  [{ batchItemFailures: [{ itemIdentifier: "a" }] }, ["a"]],
  [{ batchItemFailures: [{ itemIdentifier: "nobody" }] }, "all"],
  [{ batchItemFailures: [{ itemIdentifier: "" }] }, "all"],
  [{ batchItemFailures: [{ itemIdentifier: null }] }, "all"],
  [{ batchItemFailures: [{ other: "a" }] }, "all"],
  [{ batchItemFailures: ["a"] }, "all"],
  [{ batchItemFailures: "a" }, "all"],
  ["done", "all"],
])("%j means that these failed: %j", (result, failed) => {
  expect(failuresIn(result, ["a", "b"])).toEqual(failed);
});
