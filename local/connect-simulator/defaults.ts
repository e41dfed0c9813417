import type { UserConfig } from "./config/centre-config.ts";
import type { OperationName } from "./wire/operation-names.ts";
import type { Quota } from "./wire/quotas.ts";

export const defaultRegion = "us-east-1";
export const defaultAccountId = "111122223333";
export const defaultInstanceId = "5ca1ab1e-0000-4000-8000-000000000001";
export const defaultContactFlowId = "5ca1ab1e-0000-4000-8000-00000000000f";
export const defaultQueueId = "5ca1ab1e-0000-4000-8000-000000000002";
export const defaultPhoneNumber = "+12065550199";

/** More agents than active calls, so that nobody waits long unless a configuration says so. */
export const defaultUsers: readonly UserConfig[] = [
  { username: "agent", count: 20, firstName: "Agent", status: "Available" },
];

const standard: Quota = { rate: 2, burst: 5 };
const contacts: Quota = { rate: 10, burst: 15 };
const metrics: Quota = { rate: 5, burst: 8 };

const others: Readonly<Partial<Record<OperationName, Quota>>> = {
  StopContact: contacts,
  UpdateContactAttributes: contacts,
  GetContactAttributes: contacts,
  DescribeContact: contacts,
  TagContact: { rate: 20, burst: 25 },
  GetCurrentMetricData: metrics,
  GetMetricData: metrics,
  GetMetricDataV2: { rate: 10, burst: 10 },
};

/** AWS's defaults of 2026. */
export const defaultQuota = (operation: OperationName): Quota => others[operation] ?? standard;
