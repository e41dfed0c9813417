import { z } from "zod";

const environment = z.object({
  CONNECT_INSTANCE_ID: z.string().min(1),
  DEFAULT_CONTACT_FLOW_ID: z.string().min(1),
  DEFAULT_QUEUE_ID: z.string().min(1),
  CONNECT_RATE_PER_SECOND: z.coerce.number().positive(),
  CONNECT_BURST: z.coerce.number().positive(),
  IDEMPOTENCY_TABLE: z.string().min(1),
  LIMITER_TABLE: z.string().min(1),
});

const env = environment.parse(process.env);

export const settings = {
  instanceId: env.CONNECT_INSTANCE_ID,
  contactFlowId: env.DEFAULT_CONTACT_FLOW_ID,
  queueId: env.DEFAULT_QUEUE_ID,
  ratePerSecond: env.CONNECT_RATE_PER_SECOND,
  burst: env.CONNECT_BURST,
  idempotencyTable: env.IDEMPOTENCY_TABLE,
  limiterTable: env.LIMITER_TABLE,
  /** Kept of the function's time for the call and its record. */
  reserveMs: 5_000,
};

export type Settings = typeof settings;
