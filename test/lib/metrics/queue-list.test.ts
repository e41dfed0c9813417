import { expect, it } from "vitest";
import { isWanted, queueList } from "../../../lib/metrics/queue-list.ts";
import { MetricsInMemory } from "../../support/metrics-in-memory.ts";

const sales = { queueId: "id-1", name: "Sales (EU)" };
const support = { queueId: "id-2", name: "Support" };

it("takes every queue, or those whose id or name fits a pattern", () => {
  const wanted = (...patterns: string[]) => [sales, support].filter(isWanted(patterns));
  expect(wanted()).toEqual([sales, support]);
  expect(wanted("*")).toEqual([sales, support]);
  expect(wanted("id-2")).toEqual([support]);
  expect(wanted("Sales*")).toEqual([sales]);
  expect(wanted("Sales (EU)", "*port")).toEqual([sales, support]);
  expect(wanted("S*(*)")).toEqual([sales]);
  expect(wanted("sales*", "id-", "Sales .EU.")).toEqual([]);
});

it("asks Connect again after ten minutes, or when a queue has turned out to be gone", async () => {
  let now = 0;
  let asked = 0;
  const metrics = new MetricsInMemory();
  const list = async () => {
    asked += 1;
    return [sales, support];
  };
  const queues = queueList({ list }, metrics, ["Support"], () => now);

  expect(await queues.current()).toEqual([support]);
  expect((await metrics.queues({ limit: 10 })).items).toEqual([support]);
  now += 599_999;
  await queues.current();
  expect(asked).toBe(1);
  now += 1;
  await queues.current();
  expect(asked).toBe(2);
  queues.forget();
  await queues.current();
  expect(asked).toBe(3);
});

it("does not pass for a list when no queue fits, and leaves the names that are known", async () => {
  const metrics = new MetricsInMemory();
  await metrics.keepQueues([support]);
  const queues = queueList({ list: async () => [sales, support] }, metrics, ["Suport"], () => 0);
  await expect(queues.current()).rejects.toThrow("no queue");
  expect((await metrics.queues({ limit: 10 })).items).toEqual([support]);
});
