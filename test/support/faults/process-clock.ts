/**
 * Loaded into a function's process before the function: its clock is the laboratory's as it was when the invocation began, and
 * stays so. A worker that is held up has thus a clock that stands behind the others'.
 */
import { readFileSync } from "node:fs";

const file = String(process.env["CLOCK_FILE"]);
const RealDate = Date;
let aheadMs = 0;
const now = () => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as object,
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

process.on("message", () => {
  aheadMs = Number(readFileSync(file, "utf8"));
});
