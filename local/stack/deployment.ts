import { createBucket } from "./buckets.ts";
import { type Deployment, evaluate, type Resource, type Template } from "./cloudformation.ts";
import { accountId, type Database, type Messaging, region } from "./emulators.ts";
import { identities } from "./identities.ts";
import { all, type BuiltType, checkTypes, nameIn } from "./properties.ts";
import { createQueue, setRedrivePolicy } from "./queues.ts";
import { createTable } from "./tables.ts";
import { createSubscription, createTopic } from "./topics.ts";

interface Addresses {
  queueUrl(name: string): string;
  /** Of the HTTP API; undefined when there is none. */
  apiUrl: string | undefined;
}

export const pseudoParameters = {
  "AWS::Region": region,
  "AWS::AccountId": accountId,
  "AWS::Partition": "aws",
  "AWS::StackName": "local",
  "AWS::StackId": `arn:aws:cloudformation:${region}:${accountId}:stack/local/local`,
  "AWS::URLSuffix": "amazonaws.com",
};

/**
 * The template with the names that its resources have here.
 * @param visibilityTimeout seconds, for every queue that a function reads
 */
export function deploymentOf(
  template: Template,
  { queueUrl, apiUrl }: Addresses,
  visibilityTimeout: number | undefined,
): Deployment {
  const evaluated = evaluate(template, pseudoParameters, identities(queueUrl, apiUrl));
  checkTypes(evaluated);
  const deployment = apiUrl === undefined ? evaluated : withApiAt(apiUrl, evaluated);
  if (visibilityTimeout === undefined) checkVisibility(deployment);
  else overrideVisibility(deployment, visibilityTimeout);
  return deployment;
}

/** Templates, the output HttpApiUrl among them, put the API's URL together from its id. */
function withApiAt(apiUrl: string, deployment: Deployment): Deployment {
  const [api] = all(deployment, "AWS::ApiGatewayV2::Api");
  if (!api) return deployment;
  const onAws = `https://${api.logicalId}.execute-api.${region}.amazonaws.com`;
  return JSON.parse(JSON.stringify(deployment).replaceAll(onAws, apiUrl)) as Deployment;
}

/** AWS refuses a mapping whose function may take longer than its messages stay hidden. */
function checkVisibility(deployment: Deployment): void {
  const queues = new Map(
    all(deployment, "AWS::SQS::Queue").map(({ properties }) => [properties.QueueName, properties]),
  );
  const functions = new Map(
    all(deployment, "AWS::Lambda::Function").map(({ properties }) => [properties.FunctionName, properties]),
  );
  for (const { logicalId, properties } of all(deployment, "AWS::Lambda::EventSourceMapping")) {
    const hidden =
      queues.get(nameIn(properties.EventSourceArn))?.VisibilityTimeout ?? Number.POSITIVE_INFINITY;
    const timeout = functions.get(nameIn(properties.FunctionName))?.Timeout ?? 0;
    if (hidden < timeout)
      throw new Error(
        `${logicalId}: the queue's visibility timeout of ${hidden} s is less than the function's timeout of ${timeout} s`,
      );
  }
}

function overrideVisibility(deployment: Deployment, seconds: number): void {
  const read = new Set(
    all(deployment, "AWS::Lambda::EventSourceMapping").map(({ properties }) =>
      nameIn(properties.EventSourceArn),
    ),
  );
  for (const { type, properties } of deployment.resources) {
    if (type === "AWS::SQS::Queue" && read.has(String(properties["QueueName"])))
      properties["VisibilityTimeout"] = seconds;
  }
}

export async function createResources(
  { resources }: Deployment,
  database: Database,
  { sqs, sns, s3, queueUrl }: Messaging,
): Promise<void> {
  const of = (type: BuiltType) => resources.filter((resource) => resource.type === type);
  const urlOf = ({ properties }: Resource) => queueUrl(String(properties["QueueName"]));
  for (const table of of("AWS::DynamoDB::Table")) await createTable(database.client, table);
  for (const queue of of("AWS::SQS::Queue")) await createQueue(sqs, queue, urlOf(queue));
  for (const queue of of("AWS::SQS::Queue")) await setRedrivePolicy(sqs, queue, urlOf(queue));
  for (const bucket of of("AWS::S3::Bucket")) await createBucket(s3, bucket);
  for (const topic of of("AWS::SNS::Topic")) await createTopic(sns, topic);
  for (const subscription of of("AWS::SNS::Subscription")) await createSubscription(sns, subscription);
}
