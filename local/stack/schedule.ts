/** @returns the period in milliseconds of `rate(5 minutes)` @throws Error for any other expression */
export function periodOf(expression: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (!match) throw new Error(`The local stack runs rate(…) schedules only, not ${expression}`);
  const units = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** What EventBridge sends to the target of a schedule. */
export function scheduledEvent(ruleArn: string, id: string, at: Date) {
  return {
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: "000000000000",
    time: `${at.toISOString().slice(0, 19)}Z`,
    region: "us-east-1",
    resources: [ruleArn],
    detail: {},
  };
}
