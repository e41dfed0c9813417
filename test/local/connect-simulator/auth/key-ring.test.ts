import { expect, test } from "vitest";
import { anonymousCaller } from "../../../../local/connect-simulator/auth/caller.ts";
import { defaultKeys, keyRing } from "../../../../local/connect-simulator/auth/key-ring.ts";
import { accountId, roleArn } from "./support.ts";

function aRing(keys = defaultKeys) {
  const clock = { now: 1_000_500 };
  return { clock, ring: keyRing({ keys, accountId, now: () => clock.now }) };
}

test("configured keys are users, or the root user", () => {
  const { ring } = aRing([
    ...defaultKeys,
    { accessKeyId: "AKIA1", secretAccessKey: "s" },
    { accessKeyId: "AKIA2", secretAccessKey: "s", root: true },
  ]);
  const arnOf = (id: string) => ring.find(id)?.caller.arn;
  expect(["test", "x", "local", "AKIA1", "AKIA2", "other", "__proto__"].map(arnOf)).toEqual([
    `arn:aws:iam::${accountId}:user/test`,
    `arn:aws:iam::${accountId}:user/x`,
    `arn:aws:iam::${accountId}:user/local`,
    `arn:aws:iam::${accountId}:user/AKIA1`,
    `arn:aws:iam::${accountId}:root`,
    undefined,
    undefined,
  ]);
  expect(ring.find("test")?.caller.userId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  expect(ring.find("test")).not.toHaveProperty("sessionToken");
  expect(anonymousCaller(accountId).root).toBeUndefined();
});

test("a session has keys of AWS's form and the name of its role, without the role's path", () => {
  const { ring } = aRing();
  const key = ring.issue({
    roleArn: `arn:aws:iam::${accountId}:role/team/Callers`,
    sessionName: "me",
    durationSeconds: 900,
  });
  expect(key.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(key.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(key.expiresAt).toBe(1_900_000);
  expect(key.caller).toEqual({
    arn: `arn:aws:sts::${accountId}:assumed-role/Callers/me`,
    userId: expect.stringMatching(/^AROA[A-Z2-7]{17}:me$/),
    accountId,
    sessionName: "me",
  });
  expect(ring.find(key.accessKeyId)).toBe(key);
});

test("beyond 10,000 sessions the expired ones go, else the oldest one", () => {
  const { ring, clock } = aRing();
  const issue = (durationSeconds: number) =>
    ring.issue({ roleArn, sessionName: "me", durationSeconds }).accessKeyId;
  const long = issue(3600);
  const short = [issue(900), issue(900)];
  for (let count = 3; count < 10_000; count++) issue(3600);
  clock.now += 900_000;
  expect(ring.find(short[0] ?? "")).toBeDefined();
  const next = issue(3600);
  expect([long, ...short, next].map((id) => ring.find(id) !== undefined)).toEqual([true, false, false, true]);
  issue(3600);
  issue(3600);
  expect([long, next].map((id) => ring.find(id) !== undefined)).toEqual([false, true]);
  expect(ring.find("test")).toBeDefined();
});
