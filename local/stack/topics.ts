import { CreateTopicCommand, type SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import type { Resource } from "./cloudformation.ts";
import { propertiesOf } from "./properties.ts";

export async function createTopic(sns: SNSClient, resource: Resource): Promise<void> {
  const { TopicName, Subscription } = propertiesOf(resource, "AWS::SNS::Topic");
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: TopicName }));
  for (const one of Subscription) await sns.send(new SubscribeCommand({ TopicArn, ...one }));
}

export async function createSubscription(sns: SNSClient, resource: Resource): Promise<void> {
  const { TopicArn, Protocol, Endpoint, RawMessageDelivery, FilterPolicy, FilterPolicyScope } = propertiesOf(
    resource,
    "AWS::SNS::Subscription",
  );
  const Attributes = {
    RawMessageDelivery: String(RawMessageDelivery),
    ...(FilterPolicy !== undefined && { FilterPolicy: JSON.stringify(FilterPolicy) }),
    ...(FilterPolicyScope !== undefined && { FilterPolicyScope }),
  };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes }));
}
