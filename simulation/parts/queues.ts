import { Queue } from "./queue.ts";

export const queueNames = [
  "call-requests",
  "stop-requests",
  "attribute-updates",
  "contact-events",
  "contact-records",
] as const;
export type QueueName = (typeof queueNames)[number];

export const queues = (): Record<QueueName, Queue> => ({
  "call-requests": new Queue("call-requests"),
  "stop-requests": new Queue("stop-requests"),
  "attribute-updates": new Queue("attribute-updates", true),
  "contact-events": new Queue("contact-events"),
  "contact-records": new Queue("contact-records"),
});
