import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { progressBar } from "../../cli/progress-bar.ts";

let written: string;
beforeEach(() => {
  vi.useFakeTimers();
  written = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const lines = () => written.split("\n").filter((line) => line !== "");

it("says how long it still takes as soon as that can be known, and not before", () => {
  const bar = progressBar("reading");
  bar.show(0, 500);
  vi.advanceTimersByTime(5_000);
  bar.show(0, 500);
  vi.advanceTimersByTime(5_000);
  bar.show(20, 500);
  vi.advanceTimersByTime(10_000);
  bar.show(500, 500);
  bar.end();
  expect(lines()).toEqual([
    "reading: 0 of 500",
    "reading: 0 of 500",
    "reading: 20 of 500, about 4 min left",
    "reading: 500 of 500",
  ]);
});

it("shows nothing where nothing is to be done", () => {
  const bar = progressBar("applying");
  bar.show(0, 0);
  bar.end();
  expect(written).toBe("");
});
