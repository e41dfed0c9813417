import { z } from "zod";

export const callRequest = z.object({
  requestId: z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/),
  destination: z.string().regex(/^\+[1-9]\d{6,14}$/),
  contactFlowId: z.string().min(1).max(500).optional(),
  queueId: z.string().min(1).max(256).optional(),
  attributes: z.record(z.string().regex(/^[A-Za-z0-9_-]+$/), z.string()).optional(),
});

export type CallRequest = z.infer<typeof callRequest>;
