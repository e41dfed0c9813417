import { createInterface } from "node:readline";
import type { Command } from "commander";
import { until } from "../../lib/edge/until.ts";
import type { Rate } from "../../lib/pacing/rate.ts";
import { applyRoster, type Followed } from "../../lib/roster/plan/apply-roster.ts";
import { isDifferent, type RosterPlan } from "../../lib/roster/plan/plan-roster.ts";
import { commandsOf } from "../../lib/roster/plan/roster-commands.ts";
import { exitCodes, Failure } from "../failure.ts";
import { note, print } from "../print.ts";
import { progressBar } from "../progress-bar.ts";
import { placesOf } from "./roster-place.ts";
import { type PlanChoices, planOf } from "./roster-plan.ts";
import { documentOf, linesOf } from "./roster-print.ts";

interface Options extends PlanChoices {
  yes?: true;
  atMost?: number;
  reason?: string;
}

/** Without any outcome for as long as a message may take to come round five times, nobody seems to be at work. */
const giveUpMs = 15 * 60_000;

export async function apply(file: string, _options: unknown, command: Command): Promise<void> {
  const options = command.optsWithGlobals<Options>();
  const places = placesOf(options.stage);
  const plan = await planOf(file, options, places);
  const document = documentOf(plan, places.rate);
  // What is meant for machines is one document, at the end.
  const lines = linesOf(plan, places.rate);
  if (options.json) lines.forEach(note);
  else print(false, undefined, lines);
  if (isDifferent(plan)) await agree(plan, options);
  const { queue, changes } = await places.applying();
  const bar = progressBar("applying");
  const followed = await applyRoster(commandsOf(plan, options.reason), {
    queue,
    changes,
    progress: bar.show,
    window: windowOf(places.rate),
    patience: { lookMs: 1_000, giveUpMs },
    now: Date.now,
    until,
  }).finally(() => bar.end());
  const refused = followed.filter(({ state }) => state === "refused");
  const unsettled = followed.filter(({ state }) => state === "unsettled");
  const counts = countsOf(followed);
  print(
    options.json,
    {
      plan: document,
      counts,
      refused: refused.map(({ username, why }) => ({ username, why })),
      unsettled: unsettled.map(({ username }) => username),
    },
    [
      ...refused.map(({ username, why }) => `${username} was refused: ${why}`),
      ...unsettled.map(({ username }) => `${username}: nothing is known yet of what became of it`),
      ...(followed.length > 0
        ? [
            `Done: ${Object.entries(counts)
              .map(([state, count]) => `${count} ${state}`)
              .join(", ")}.`,
          ]
        : []),
    ],
  );
  if (refused.length + unsettled.length > 0) process.exitCode = exitCodes.failed;
}

/** As many commands as take five seconds, so that those of others come through soon; and enough for two workers to be busy. */
const windowOf = ({ perSecond }: Rate): number => Math.max(40, Math.ceil(5 * perSecond));

/** @throws Failure when it is not to be done */
async function agree({ deleted, deactivated }: RosterPlan, { yes, atMost }: Options): Promise<void> {
  const dangerous = deleted.length + deactivated.length;
  const what = `${dangerous} ${dangerous === 1 ? "user" : "users"} of Connect will be ${deleted.length > 0 ? "deleted for good" : "deactivated"}`;
  if (dangerous > 0 && yes && atMost === undefined)
    throw new Failure("invalid", `${what}: --yes alone is not enough, say with --at-most how many may be.`);
  if (atMost !== undefined && dangerous > atMost)
    throw new Failure("conflict", `${what}, and at most ${atMost} may be: nothing was done.`);
  if (yes) return;
  const [question, wanted] =
    dangerous > 0
      ? [`${what}. To go on, type ${dangerous}: `, String(dangerous)]
      : ["To go on, type yes: ", "yes"];
  if ((await answerTo(question)) !== wanted)
    throw new Failure("conflict", "Nothing was done. --yes asks for no answer.");
}

/** @returns undefined when nobody is there to answer */
async function answerTo(question: string): Promise<string | undefined> {
  process.stderr.write(question);
  const answers = createInterface({ input: process.stdin });
  for await (const answer of answers) return answer.trim();
  return undefined;
}

function countsOf(followed: Followed[]): Record<string, number> {
  const byState = Map.groupBy(followed, ({ state }) => state);
  return Object.fromEntries([...byState].map(([state, all]) => [state, all.length]));
}
