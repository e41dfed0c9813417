import { accountedFor } from "./accounted-for.ts";
import { agrees } from "./agrees.ts";
import { announced } from "./announced.ts";
import { attributesConverged } from "./attributes.ts";
import { onlyPoison } from "./dead-letters.ts";
import { dialledOnce } from "./dialled-once.ts";
import type { Check, Observed } from "./observed.ts";
import { withinPace } from "./pace.ts";
import { stopped } from "./stopped.ts";

/** What is promised, and what shows that it was kept. */
const checks = {
  "at most one call for each attempt": dialledOnce,
  "what was stopped does not go on": stopped,
  "every request comes to an end, or is parked": accountedFor,
  "records agree with Connect": agrees,
  "every end is announced": announced,
  "attributes converge on the contacts": attributesConverged,
  "never past rate, burst and active calls": withinPace,
  "nothing but poison in dead-letter queues": onlyPoison,
  "no personal data in logs": ({ personalData }) => personalData,
} as const satisfies Record<string, Check>;

export type Audit = { promise: string; findings: string[] }[];

export const audit = (observed: Observed): Audit =>
  Object.entries(checks).map(([promise, check]) => ({ promise, findings: check(observed) }));
