import { CreateQueueCommand, SetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Resource } from "./cloudformation.ts";
import { propertiesOf } from "./properties.ts";

/** Made without its redrive policy: the dead-letter queue may come later. */
export async function createQueue(sqs: SQSClient, resource: Resource, url: string): Promise<void> {
  const queue = propertiesOf(resource, "AWS::SQS::Queue");
  const settable = {
    VisibilityTimeout: String(queue.VisibilityTimeout),
    MessageRetentionPeriod: String(queue.MessageRetentionPeriod),
    DelaySeconds: String(queue.DelaySeconds),
    ReceiveMessageWaitTimeSeconds: String(queue.ReceiveMessageWaitTimeSeconds),
    ...(queue.FifoQueue && { ContentBasedDeduplication: String(queue.ContentBasedDeduplication) }),
    ...(queue.DeduplicationScope && { DeduplicationScope: queue.DeduplicationScope }),
    ...(queue.FifoThroughputLimit && { FifoThroughputLimit: queue.FifoThroughputLimit }),
  };
  const fixed = queue.FifoQueue && { FifoQueue: "true" };
  try {
    await sqs.send(
      new CreateQueueCommand({ QueueName: queue.QueueName, Attributes: { ...settable, ...fixed } }),
    );
  } catch (error) {
    if (!(error instanceof Error) || !/Exists/.test(error.name)) throw error;
    // Kept from an earlier start with other settings.
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: settable }));
  }
}

export async function setRedrivePolicy(sqs: SQSClient, resource: Resource, url: string): Promise<void> {
  const { RedrivePolicy } = propertiesOf(resource, "AWS::SQS::Queue");
  if (!RedrivePolicy) return;
  const Attributes = { RedrivePolicy: JSON.stringify(RedrivePolicy) };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes }));
}
