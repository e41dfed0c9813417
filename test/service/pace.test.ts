import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningService, startService } from "../support/running-service.ts";

let service: RunningService;
// Calls of half a minute and more take about a second, so that they do not hold up 2 calls a second for long.
beforeAll(async () => {
  service = await startService({ simulator: { speed: 60 } });
});
afterAll(() => service.end());

it("Promise 3: 200 requests at once, with Connect's default quotas, are all called at its pace", async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `pace-${index}`);
  await Promise.all(
    ids.map((requestId, index) =>
      service.send({ requestId, destination: `+120655501${String(index % 50).padStart(2, "0")}` }),
    ),
  );

  const ended = new Set<string>();
  await service.waitFor(
    "all 200 to end",
    async () => {
      await service.stack.invoke("release-due");
      for (const { requestId, state } of service.notices) if (state === "ended") ended.add(requestId);
      return ended.size === ids.length;
    },
    240_000,
  );

  const { simulator } = service.stack;
  expect(simulator.contacts()).toHaveLength(200);
  expect(new Set(simulator.contacts().map(({ attributes }) => attributes["attemptId"])).size).toBe(200);
  // Connect's bucket is full while the first worker loads, so what the pacer plans for that moment comes late.
  const dials = simulator.requests().map((request) => ({ ...request, at: Date.parse(request.at) }));
  const afterAFewSeconds = Math.min(...dials.map(({ at }) => at)) + 5_000;
  expect(dials.filter(({ status, at }) => status === 429 && at > afterAFewSeconds)).toEqual([]);
  expect(await service.depth("CALL_REQUESTS_DLQ_URL")).toBe(0);
  expect(await service.depth("CONTACT_EVENTS_DLQ_URL")).toBe(0);
  expect(await service.depth("CONTACT_RECORDS_DLQ_URL")).toBe(0);
}, 300_000);
