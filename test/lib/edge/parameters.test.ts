import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parametersOf } from "../../../lib/edge/parameters.ts";
import { seconds } from "../../support/builders.ts";
import { type ParameterStore, startParameterStore } from "../../support/parameter-store.ts";

let store: ParameterStore;
let now: number;
beforeEach(async () => {
  store = await startParameterStore();
  now = Date.parse("2026-11-25T12:00:00Z");
});
afterEach(() => store.stop());

describe("a parameter", () => {
  it("is read once a minute, however often it is asked for", async () => {
    const parameters = parametersOf(store.client, () => now);
    store.parameters.set("/a", "one");
    for (let second = 0; second < 60; second += 1) {
      expect(await parameters.get("/a")).toBe("one");
      now += seconds(1);
    }
    expect(store.reads()).toBe(1);
    store.parameters.set("/a", "two");
    expect(await parameters.get("/a")).toBe("two");
  });

  it("is read again for whoever finds it outdated, every ten seconds at most", async () => {
    const parameters = parametersOf(store.client, () => now);
    store.parameters.set("/a", "one");
    await parameters.get("/a");
    store.parameters.set("/a", "two");
    now += seconds(9);
    expect(await parameters.getAgain("/a")).toBe("one");
    now += seconds(1);
    expect(await parameters.getAgain("/a")).toBe("two");
    expect(await parameters.get("/a")).toBe("two");
    for (let asked = 0; asked < 100; asked += 1) await parameters.getAgain("/a");
    expect(store.reads()).toBe(2);
  });

  it("that is not there is looked for every ten seconds at most, and found when it comes", async () => {
    const parameters = parametersOf(store.client, () => now);
    for (let asked = 0; asked < 100; asked += 1) expect(await parameters.get("/a")).toBeUndefined();
    expect(store.reads()).toBe(1);
    store.parameters.set("/a", "one");
    now += seconds(10);
    expect(await parameters.get("/a")).toBe("one");
  });

  it("that cannot be read again is for its minute what it was", async () => {
    const parameters = parametersOf(store.client, () => now);
    store.parameters.set("/a", "one");
    await parameters.get("/a");
    store.down(true);
    now += seconds(30);
    for (let asked = 0; asked < 3; asked += 1) await expect(parameters.getAgain("/a")).rejects.toThrow();
    expect(await parameters.get("/a")).toBe("one");
    expect(store.reads()).toBe(2);
    now += seconds(30);
    await expect(parameters.get("/a")).rejects.toThrow();
  });

  it("that cannot be read is an error, and tried again after ten seconds", async () => {
    const parameters = parametersOf(store.client, () => now);
    store.down(true);
    for (let asked = 0; asked < 3; asked += 1) await expect(parameters.get("/a")).rejects.toThrow();
    expect(store.reads()).toBe(1);
    store.down(false);
    store.parameters.set("/a", "one");
    now += seconds(10);
    expect(await parameters.get("/a")).toBe("one");
  });
});
