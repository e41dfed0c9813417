import { expect, it } from "vitest";
import { textOf } from "../../chaos/report.ts";
import { runChaos } from "../../chaos/run.ts";

it("the packaged service keeps its promises through a short time of trouble", async () => {
  const lines: string[] = [];
  const report = await runChaos(
    { seed: 3, minutes: 0.1, requests: 150, brief: true },
    (line) => void lines.push(line),
  );
  expect(report.clean, `${lines.join("\n")}\n${textOf(report)}`).toBe(true);
  expect(report.sent["call requests"]).toBe(150);
  expect(report.became["contacts"]).toBeGreaterThan(100);
  for (const what of ["workers killed", "requests cut before", "slow or stalled"])
    expect(report.injected[what], what).toBeGreaterThan(0);
}, 120_000);
