import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dynamoDb } from "../../lib/edge/clients.ts";
import { orderOf } from "../../lib/roster/ledger.ts";
import { DynamoUserChanges } from "../../lib/roster/user-changes.dynamodb.ts";
import { type Emulators, startEmulators } from "../support/emulators.ts";
import { runCli } from "./run-cli.ts";

let emulators: Emulators;
let elsewhere: string;
beforeAll(async () => {
  emulators = await startEmulators();
  elsewhere = mkdtempSync(join(tmpdir(), "contact-automation-"));
  const now = () => Date.parse("2026-11-24T12:00:00Z");
  const changes = new DynamoUserChanges(dynamoDb(), String(emulators.env["USER_CHANGES_TABLE"]), 60_000, now);
  const entry = (number: string, more: object = {}) => ({
    username: "ana",
    order: orderOf(number),
    commandId: `hr-${number}`,
    ...more,
  });
  const phone = { type: "SOFT_PHONE", autoAccept: false };
  await changes.begin(entry("1"), "created", [
    { part: "phone", after: phone },
    { part: "security-profiles", after: ["Agent"] },
  ]);
  await changes.settle(entry("1"), { kind: "done" });
  const moved = entry("2", { source: "hr", reason: "moved\u001b[2J" });
  await changes.begin(moved, "updated", [
    { part: "phone", before: phone, after: { ...phone, autoAccept: true } },
    { part: "hierarchy", after: ["EMEA", "Madrid"] },
  ]);
  await changes.settle(moved, { kind: "done" });
  await changes.settle(entry("3"), { kind: "refused", why: 'there is no routing profile "Slaes"' });
});
afterAll(async () => {
  rmSync(elsewhere, { recursive: true });
  await emulators.stop();
});

const users = (...args: string[]) => runCli(["users", ...args], emulators.env, { cwd: elsewhere }).ran;

describe("users changes", () => {
  it("prints who changed what and why, the newest command first", async () => {
    const { code, stdout } = await users("changes", "ana");
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toEqual([
      "2026-11-24T12:00:00.000Z  refused  hr-3",
      '  there is no routing profile "Slaes"',
      "2026-11-24T12:00:00.000Z  updated  hr-2  by hr: moved·[2J",
      "  phone.autoAccept  false → true",
      "  hierarchy         none → EMEA, Madrid",
      "2026-11-24T12:00:00.000Z  created  hr-1",
      "  phone.type         none → SOFT_PHONE",
      "  phone.autoAccept   none → false",
      "  security-profiles  none → Agent",
    ]);
  });

  it("prints as many as are asked for, as JSON for machines", async () => {
    const { code, stdout } = await users("changes", "ana", "--limit", "2", "--json");
    expect(code).toBe(0);
    const { username, changes } = JSON.parse(stdout);
    expect(username).toBe("ana");
    expect(changes).toMatchObject([
      { commandId: "hr-3", state: "refused" },
      { commandId: "hr-2", source: "hr", changes: [{ part: "phone" }, { part: "hierarchy" }] },
    ]);
  });

  it("ends with 1 when there is nothing on record", async () => {
    const { code, stderr } = await users("changes", "nobody");
    expect(code).toBe(1);
    expect(stderr).toContain("There is no command for nobody on record");
  });
});
