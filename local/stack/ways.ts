import { accessTo } from "./stack-env.ts";

const services = ["CONNECT", "DYNAMODB", "S3", "SNS", "SQS", "SSM", "STS"] as const;

/** Given the URL of a service, each starts something before it and tells its own. */
export type Through = Partial<Record<(typeof services)[number], (url: string) => Promise<string>>>;

type Endpoints = Record<(typeof services)[number], string>;

/** @returns the environment of a function that is to go through what stands before the services, where something does */
export async function environmentThrough(
  endpoints: Endpoints,
  through: Through = {},
): Promise<(environment: Record<string, string>) => Record<string, string>> {
  const ways = { ...endpoints };
  for (const service of services)
    ways[service] = (await through[service]?.(endpoints[service])) ?? endpoints[service];
  // A queue is called at the host of its URL.
  const ofQueues = (value: string) =>
    value.startsWith(`${endpoints.SQS}/`) ? value.replace(endpoints.SQS, ways.SQS) : value;
  return (environment) => ({
    ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, ofQueues(value)])),
    ...accessTo(ways),
  });
}
