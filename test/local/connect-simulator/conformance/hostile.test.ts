import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { type Hostile, hostileRequests } from "./hostile.ts";
import { modelledOperations } from "./model.ts";
import { operationsThere, refusedHere } from "./overlays.ts";
import { ask, parsed } from "./requests.ts";
import { sampleInput } from "./sample.ts";
import { aSubject, pooled } from "./support.ts";

const seed = 20_180_604;
const count = Number(process.env["HOSTILE_REQUESTS"] ?? 20_000);
/** Bytes. */
const growthAllowed = 64 * 1_048_576;

it(`${count} hostile requests are each refused in the form of the API, and leave no mark`, async () => {
  const { port, warnings, overlayOf } = await aSubject();
  const targets = operationsThere
    .filter((name) => modelledOperations.includes(name))
    .map((operation) => ({ operation, valid: sampleInput(operation, overlayOf(operation)) }));

  const before = heapUsed();
  const problems = new Map<string, string>();
  await pooled(hostileRequests(targets, seed, count), 32, async (hostile) => {
    const problem = await problemWith(hostile, port);
    if (problem === null) return;
    // One of each sort is enough to read.
    const sort = `${hostile.name.replace(/^#\d+ /, "")} ${problem.slice(0, 12)}`;
    if (!problems.has(sort)) problems.set(sort, `${hostile.name}: ${problem}`);
  });

  expect([...problems.values()]).toEqual([]);
  expect(warnings).toEqual([]);
  expect(heapUsed() - before).toBeLessThan(growthAllowed);
  for (const { operation, valid } of targets) {
    if (!/^(List|Describe|Get|Search)/.test(operation) || operation in refusedHere) continue;
    expect(await ask(port, operation, valid)).toMatchObject({ status: 200 });
  }
}, 180_000);

async function problemWith({ mayClose, bodyless, send }: Hostile, port: number): Promise<string | null> {
  try {
    const outcome = await send(port);
    if ("closed" in outcome) return mayClose ? null : "closed without a reply";
    const { status, headers, text } = outcome;
    const shown = `${status} ${JSON.stringify(headers)} ${text.slice(0, 300)}`;
    if (status < 400 || status > 499) return shown;
    const type = headers["x-amzn-errortype"];
    if (!type || !headers["x-amzn-requestid"]) return `lacks a header: ${shown}`;
    if (bodyless) return null;
    const body = parsed(text);
    const formed = typeof body === "object" && body !== null && "__type" in body && "Message" in body;
    return formed && body.__type === type && typeof body.Message === "string" ? null : `not formed: ${shown}`;
  } catch (error) {
    return `failed: ${error}`;
  }
}

function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}
