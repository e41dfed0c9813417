import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { runMany } from "../../simulation/many.ts";
import { tokenRules } from "../../simulation/parts/connect.ts";
import { runHistory } from "../../simulation/run.ts";
import { sabotages } from "../../simulation/sabotage.ts";

describe("a history", () => {
  it("goes the same way whenever its seed is run, byte for byte, whatever runs beside it", async () => {
    const replay = (seed: number) => runHistory({ seed, tokenRule: "none", traced: true });
    const together = await Promise.all([11, 12, 13].map(replay));
    const again = [await replay(13), await replay(12), await replay(11)].reverse();
    expect(together.map(({ trace }) => trace?.join("\n"))).toEqual(
      again.map(({ trace }) => trace?.join("\n")),
    );
    expect(together[0]?.trace?.length).toBeGreaterThan(10);
  });

  it("is another for another seed", async () => {
    const [one, other] = await Promise.all(
      [11, 12].map((seed) => runHistory({ seed, tokenRule: "none", traced: true })),
    );
    expect(one?.trace).not.toEqual(other?.trace);
  });

  it("is the same under every token rule, unless the token of a call comes again: then each rule has a run", async () => {
    const sabotage = "dial-retried";
    let runs = 0;
    let differing = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const replays = await Promise.all(
        tokenRules.map((tokenRule) =>
          runHistory({ seed, tokenRule, traced: true, sabotage: sabotages[sabotage] }),
        ),
      );
      const [cameAgain, ...others] = replays.map(({ knownTokenCame }) => knownTokenCame);
      expect(others).toEqual(others.map(() => cameAgain));
      // But for the first line, which names the rule.
      const courses = new Set(replays.map(({ trace }) => trace?.slice(1).join("\n")));
      if (courses.size > 1) differing += 1;
      expect(cameAgain || courses.size === 1).toBe(true);
      runs += cameAgain ? tokenRules.length : 1;
    }
    expect(differing).toBeGreaterThan(0);
    expect(runs).toBeLessThan(400);
    const tally = await runMany({ seed: 1, seeds: 300, tokenRules, sabotage, stopAtFirst: false });
    expect(tally).toMatchObject({ histories: 300 * tokenRules.length, runs });
  });
});

async function simulate(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const run = spawn(process.execPath, ["simulation/main.ts", ...args]);
  const [output, errors, [code]] = await Promise.all([text(run.stdout), text(run.stderr), once(run, "exit")]);
  return { code: Number(code), output, errors };
}

describe("npm run simulate", () => {
  it("replays one history line by line", async () => {
    const { code, output } = await simulate("--seed", "11");
    expect(code).toBe(0);
    expect(output).toMatch(/start-contact 1 +receives call-requests-1/);
    expect(output).toContain("Every promise was kept.");
  });

  it("runs many, and says so in JSON", async () => {
    const { code, output } = await simulate("--histories", "200", "--token-rule", "live-call", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      tokenRules: ["live-call"],
      histories: 200,
      brokenInAll: 0,
      broken: [],
    });
  });

  it("ends with 1 when a promise was broken, with the seed and the command that replays it", async () => {
    const many = await simulate(
      "--histories",
      "200",
      "--sabotage",
      "dial-retried",
      "--first",
      "--threads",
      "1",
    );
    expect(many.code).toBe(1);
    const command = /npm run simulate -- (--seed .*)/.exec(many.output)?.[1] ?? "";
    expect(command).toMatch(/^--seed \d+ --token-rule none --sabotage dial-retried$/);
    const replayed = await simulate(...command.split(" "));
    expect(replayed.code).toBe(1);
    expect(replayed.output).toContain("Broken: one-dial");
  });

  it("ends with 2 and its help when it does not understand what it is asked", async () => {
    for (const args of [["--seed", "x"], ["--token-rule", "some"], ["--unknown"]]) {
      const { code, errors } = await simulate(...args);
      expect(code).toBe(2);
      expect(errors).toContain("--token-rule RULE");
    }
    expect((await simulate("--help")).code).toBe(0);
  });
});
