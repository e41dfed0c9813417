import { expect, it } from "vitest";
import { isFinished, sampleRequests } from "../../../local/stack/sample-requests.ts";

it("has ids of its own for each run of the samples, which are otherwise as in events/", () => {
  const samples = sampleRequests("events/call-requests", "run-1");
  expect(samples.length).toBeGreaterThan(5);
  for (const { requestId, body } of samples) {
    expect(requestId).toMatch(/^[A-Za-z0-9._:-]{1,121}\.run-1$/);
    expect(JSON.parse(body)).toMatchObject({ requestId });
  }
  expect(new Set(samples.map(({ requestId }) => requestId)).size).toBe(samples.length);
});

it.each([
  [undefined, false],
  [{ state: "placed", toCheck: true }, false],
  [{ state: "deferred", toCheck: true }, false],
  [{ state: "ended", toCheck: false }, true],
  [{ state: "ended", toCheck: true }, false],
  [{ state: "parked", toCheck: true }, true],
  [{ state: "refused", toCheck: false }, true],
])("%j is finished: %s", (record, finished) => expect(isFinished(record)).toBe(finished));
