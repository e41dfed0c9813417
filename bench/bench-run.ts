import type { Template } from "../local/stack/cloudformation.ts";
import type { AwsRequest } from "./counting-proxy.ts";
import type { Pair, Subject } from "./subjects.ts";

/** How much is measured: enough for the figures to settle, or just enough to see that it works. */
export interface Extent {
  countedCalls: number;
  slowCalls: number;
  fastCalls: number;
  coldStarts: number;
  cpuProcesses: number;
  /** Of a hundred calls each, in every process. */
  cpuRounds: number;
}

export const full: Extent = {
  countedCalls: 200,
  slowCalls: 60,
  fastCalls: 500,
  coldStarts: 24,
  cpuProcesses: 5,
  cpuRounds: 4,
};
export const quick: Extent = {
  countedCalls: 50,
  slowCalls: 15,
  fastCalls: 150,
  coldStarts: 6,
  cpuProcesses: 2,
  cpuRounds: 2,
};

export interface BenchRun {
  template: Template;
  subjects: Pair<Subject>;
  extent: Extent;
  say(text: string): void;
}

/** SQS's and Lambda's default, and what serverless.yml says. */
export const batchSize = 10;

/** A quota that holds nobody up. */
export const noLimit = { ratePerSecond: 10_000, burst: 10_000 };

const dial = "StartOutboundVoiceContact";

export const isPlaced = ({ operation, status }: AwsRequest): boolean => operation === dial && status === 200;
export const isRejected = ({ operation, status }: AwsRequest): boolean =>
  operation === dial && status === 429;
export const isNotice = ({ service }: AwsRequest): boolean => service === "sns";
export const isNoNotice = (request: AwsRequest): boolean => !isNotice(request);
