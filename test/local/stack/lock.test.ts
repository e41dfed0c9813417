import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { LockedError, lock } from "../../../local/stack/lock.ts";
import { aDirectory, removeDirectories } from "./small-service.ts";

afterEach(removeDirectories);
const aFile = () => join(aDirectory(), "deeper", "stack.pid");

it("holds until it is given back", () => {
  const file = aFile();
  const unlock = lock(file);
  expect(() => lock(file)).toThrow(LockedError);
  unlock();
  lock(file)();
});

it("names the process that holds it", () => {
  const file = aFile();
  lock(file)();
  writeFileSync(file, String(process.ppid));
  expect(() => lock(file)).toThrow(`held by process ${process.ppid}`);
});

it.each(["999999999", "not a number", ""])("is taken over from a holder that is gone: %j", (content) => {
  const file = aFile();
  lock(file)();
  writeFileSync(file, content);
  const unlock = lock(file);
  expect(readFileSync(file, "utf8")).toBe(String(process.pid));
  unlock();
});
