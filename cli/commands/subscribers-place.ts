import { dynamoDb, ssm } from "../../lib/edge/clients.ts";
import type { DestinationRules } from "../../lib/subscribers/destination.ts";
import type { Subscriber } from "../../lib/subscribers/subscriber.ts";
import { DynamoSubscribers } from "../../lib/subscribers/subscribers.dynamodb.ts";
import type { Subscribers } from "../../lib/subscribers/subscribers.ts";
import { Failure } from "../failure.ts";
import { Settings } from "../settings.ts";
import { SubscriberSecrets } from "../subscriber-secrets.ts";

interface Places {
  settings: Settings;
  table: Subscribers;
  secretsOf(subscriberId: string): SubscriberSecrets;
  rules: DestinationRules;
}

export function placesOf(stage: string | undefined): Places {
  const settings = new Settings(stage);
  return {
    settings,
    table: new DynamoSubscribers(dynamoDb(), settings.subscribersTable()),
    secretsOf: (id) => new SubscriberSecrets(ssm(), settings.subscriberSecretsName(id)),
    rules: settings.destinationRules(),
  };
}

export async function found(table: Subscribers, id: string): Promise<Subscriber> {
  const subscriber = (await table.look([id])).get(id);
  if (!subscriber) throw new Failure("not-found", `There is no subscriber ${id}.`);
  return subscriber;
}
