export const defaultRegion = "us-east-1";
export const defaultAccountId = "111122223333";
export const defaultInstanceId = "5ca1ab1e-0000-4000-8000-000000000001";
export const defaultContactFlowId = "5ca1ab1e-0000-4000-8000-00000000000f";
export const defaultQueueId = "5ca1ab1e-0000-4000-8000-000000000002";
export const defaultPhoneNumber = "+12065550199";

/** The agents who take the simulated calls; which one is drawn by the seed. */
export const agentIds = [
  "a1d7c3f2-0001-4e7b-8a11-3f5c9e2b7d04",
  "a1d7c3f2-0002-4e7b-8a11-3f5c9e2b7d05",
  "a1d7c3f2-0003-4e7b-8a11-3f5c9e2b7d06",
] as const;

export const defaultActiveCalls = 10;

/** Simulated seconds, drawn evenly between the two numbers. */
export type SecondsRange = readonly [least: number, most: number];

/** How long each stage of a call takes, in simulated seconds. */
export type Durations = {
  /** The telephone rings until it is answered. Past the ring timeout nobody answers. */
  ring: SecondsRange;
  /** The network says busy, invalid, blocked or broken. */
  refusal: SecondsRange;
  /** The contact flow runs until it queues the call. */
  flow: SecondsRange;
  queue: SecondsRange;
  talk: SecondsRange;
  /** The flow speaks to an answering machine. */
  voicemail: SecondsRange;
  afterContactWork: SecondsRange;
  /** From completion until the contact record is sent. */
  record: SecondsRange;
};

export const defaultDurations: Durations = {
  ring: [3, 9],
  refusal: [1, 4],
  flow: [2, 6],
  queue: [1, 12],
  talk: [15, 90],
  voicemail: [8, 25],
  afterContactWork: [5, 20],
  record: [60, 120],
};

export const operationNames = [
  "StartOutboundVoiceContact",
  "StopContact",
  "UpdateContactAttributes",
  "GetContactAttributes",
  "DescribeContact",
] as const;

export type OperationName = (typeof operationNames)[number];

/** `rate`: tokens a second of the real clock; `burst`: the most that can be saved up. */
export type Quota = { rate: number; burst: number };

export const defaultQuotas: Readonly<Record<OperationName, Quota>> = {
  StartOutboundVoiceContact: { rate: 2, burst: 5 },
  StopContact: { rate: 10, burst: 15 },
  UpdateContactAttributes: { rate: 10, burst: 15 },
  GetContactAttributes: { rate: 10, burst: 15 },
  DescribeContact: { rate: 10, burst: 15 },
};
