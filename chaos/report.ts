import type { Audit } from "./audit/audit.ts";
import { type Observed, requestsOf } from "./audit/observed.ts";
import { mostActive, mostAtOnce } from "./audit/pace.ts";
import type { Disturber } from "./disturb/disturber.ts";
import type { Counts, Fates } from "./disturb/fates.ts";
import type { Service } from "./plan/disturbances.ts";
import type { Extent, Plan } from "./plan/plan.ts";

export interface Report {
  extent: Extent;
  tookSeconds: number;
  sent: Record<string, number>;
  injected: Record<string, number>;
  became: Record<string, number>;
  pace: Record<string, number>;
  audit: Audit;
  clean: boolean;
}

interface Injected {
  plan: Plan;
  disturber: Disturber;
  fates: Record<Service, Fates>;
  tookMs: number;
}

export function reportOf(extent: Extent, observed: Observed, injected: Injected, audit: Audit): Report {
  const { sent, contacts, connectRequests, notices, pace, seen } = observed;
  const callMessages = [...sent.calls.values()].flat().length;
  return {
    extent,
    tookSeconds: Math.round(injected.tookMs / 1000),
    sent: {
      "call requests": sent.calls.size,
      "repeats and conflicts": callMessages - sent.calls.size,
      stops: sent.stops.length,
      "attribute updates": sent.updates.length,
      poison: sent.poison.length,
    },
    injected: injectedIn(injected, connectRequests),
    became: {
      ...tally(requestsOf(observed).map(({ state }) => state)),
      contacts: contacts.length,
      notices: notices.length,
    },
    pace: {
      "rate per second": pace.ratePerSecond,
      burst: pace.burst,
      "most at once, by the moments claimed": Math.ceil(
        mostAtOnce(
          seen.dials.map(({ claimedAt, at }) => claimedAt ?? at),
          pace.ratePerSecond,
        ),
      ),
      "active calls allowed": pace.activeCalls,
      "most calls active": mostActive(observed),
    },
    audit,
    clean: audit.every(({ findings }) => findings.length === 0),
  };
}

function injectedIn({ plan, disturber, fates }: Injected, requests: Observed["connectRequests"]) {
  const sumOf = (what: keyof Counts) =>
    Object.values(fates).reduce((sum, { counts }) => sum + counts[what], 0);
  return {
    "workers killed": disturber.kills,
    "batches delivered twice": disturber.redeliveries,
    "requests cut before": sumOf("cut before") + sumOf("outage"),
    "replies cut": sumOf("cut after"),
    "slow or stalled": sumOf("slow") + sumOf("stalled"),
    "carried out after their caller gave up": sumOf("late"),
    "answers that Connect spoiled": requests.filter(({ fault }) => fault !== undefined).length,
    "outages and stalls": plan.disturbances.filter(({ kind }) => kind === "outage" || kind === "stall")
      .length,
  };
}

function tally(values: string[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(values, (value) => value)].map(([value, all]) => [value, all.length]),
  );
}

/** Of each promise so many findings are shown. */
const shown = 10;

/** For people. */
export function textOf({ extent, tookSeconds, sent, injected, became, pace, audit, clean }: Report): string {
  const line = (facts: Record<string, number>) =>
    Object.entries(facts)
      .map(([name, value]) => `${name} ${value}`)
      .join(", ");
  const promises = audit.flatMap(({ promise, findings }) => [
    `  ${findings.length === 0 ? "kept  " : "BROKEN"}  ${promise}`,
    ...findings.slice(0, shown).map((finding) => `            ${finding}`),
    ...(findings.length > shown ? [`            and ${findings.length - shown} more`] : []),
  ]);
  return `Seed ${extent.seed}, ${extent.minutes} minutes of trouble, ${tookSeconds} s in all
sent:     ${line(sent)}
injected: ${line(injected)}
became:   ${line(became)}
pace:     ${line(pace)}
${promises.join("\n")}
${clean ? "Clean." : "Not clean."}`;
}
