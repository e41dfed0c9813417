import * as v from "valibot";
import type { Deployment, Resource } from "./cloudformation.ts";
import { httpApiSchemas } from "./http-api/properties.ts";
import { flag, number, text, withoutEffect } from "./property-values.ts";

/*
 * What the stack understands of each resource type. Each schema is strict: a property that is not listed is an error,
 * so that nothing of the template goes without effect unnoticed.
 */

const key = v.object({ AttributeName: text, KeyType: v.picklist(["HASH", "RANGE"]) });
const index = v.object({
  IndexName: text,
  KeySchema: v.array(key),
  Projection: v.object({
    ProjectionType: v.picklist(["ALL", "KEYS_ONLY", "INCLUDE"]),
    NonKeyAttributes: v.exactOptional(v.array(text)),
  }),
});

const schemas = {
  ...httpApiSchemas,
  "AWS::DynamoDB::Table": v.strictObject({
    TableName: text,
    AttributeDefinitions: v.array(
      v.object({ AttributeName: text, AttributeType: v.picklist(["S", "N", "B"]) }),
    ),
    KeySchema: v.array(key),
    GlobalSecondaryIndexes: v.exactOptional(v.array(index)),
    LocalSecondaryIndexes: v.exactOptional(v.array(index)),
    BillingMode: withoutEffect,
    ProvisionedThroughput: withoutEffect,
    PointInTimeRecoverySpecification: withoutEffect,
    SSESpecification: withoutEffect,
    // dynalite has no UpdateTimeToLive: what is past its time stays.
    TimeToLiveSpecification: withoutEffect,
    DeletionProtectionEnabled: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::SQS::Queue": v.strictObject({
    QueueName: text,
    VisibilityTimeout: v.optional(number, 30),
    MessageRetentionPeriod: v.optional(number, 345_600),
    DelaySeconds: v.optional(number, 0),
    ReceiveMessageWaitTimeSeconds: v.optional(number, 0),
    FifoQueue: v.optional(flag, false),
    ContentBasedDeduplication: v.optional(flag, false),
    DeduplicationScope: v.optional(text),
    FifoThroughputLimit: v.optional(text),
    RedrivePolicy: v.optional(v.strictObject({ deadLetterTargetArn: text, maxReceiveCount: number })),
    RedriveAllowPolicy: withoutEffect,
    SqsManagedSseEnabled: withoutEffect,
    KmsMasterKeyId: withoutEffect,
    KmsDataKeyReusePeriodSeconds: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::SNS::Topic": v.strictObject({
    TopicName: text,
    Subscription: v.optional(v.array(v.strictObject({ Protocol: v.literal("sqs"), Endpoint: text })), []),
    KmsMasterKeyId: withoutEffect,
    DisplayName: withoutEffect,
    TracingConfig: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::SNS::Subscription": v.strictObject({
    TopicArn: text,
    Protocol: v.literal("sqs"),
    Endpoint: text,
    RawMessageDelivery: v.optional(flag, false),
    FilterPolicy: v.optional(v.unknown()),
    FilterPolicyScope: v.optional(text),
    Region: withoutEffect,
    // Nothing that is delivered here fails.
    RedrivePolicy: withoutEffect,
  }),
  "AWS::S3::Bucket": v.strictObject({
    // Serverless names none for the one that it deploys from: nothing is deployed here.
    BucketName: v.optional(text),
    BucketEncryption: withoutEffect,
    PublicAccessBlockConfiguration: withoutEffect,
    OwnershipControls: withoutEffect,
    VersioningConfiguration: withoutEffect,
    LifecycleConfiguration: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::Lambda::Function": v.strictObject({
    FunctionName: text,
    Handler: text,
    Runtime: v.pipe(text, v.startsWith("nodejs", "only Node.js runs here")),
    Code: v.object({ S3Key: text }),
    Timeout: v.optional(number, 3),
    MemorySize: v.optional(number, 128),
    Environment: v.optional(
      v.object({ Variables: v.optional(v.record(text, v.pipe(v.unknown(), v.transform(String))), {}) }),
      {},
    ),
    Description: withoutEffect,
    Role: withoutEffect,
    Architectures: withoutEffect,
    TracingConfig: withoutEffect,
    LoggingConfig: withoutEffect,
    EphemeralStorage: withoutEffect,
    KmsKeyArn: withoutEffect,
    RecursiveLoop: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::Lambda::EventSourceMapping": v.strictObject({
    EventSourceArn: v.pipe(text, v.regex(/^arn:aws:sqs:/, "only queues are polled here")),
    FunctionName: text,
    BatchSize: v.optional(number, 10),
    MaximumBatchingWindowInSeconds: v.optional(number, 0),
    Enabled: v.optional(flag, true),
    FunctionResponseTypes: v.optional(v.array(v.literal("ReportBatchItemFailures")), []),
    ScalingConfig: v.optional(v.strictObject({ MaximumConcurrency: v.pipe(number, v.minValue(2)) })),
    Tags: withoutEffect,
    MetricsConfig: withoutEffect,
  }),
  "AWS::Events::Rule": v.strictObject({
    Name: v.optional(text),
    EventPattern: v.optional(v.unknown()),
    ScheduleExpression: v.optional(text),
    State: v.optional(v.picklist(["ENABLED", "DISABLED"]), "ENABLED"),
    Targets: v.array(
      v.strictObject({
        Id: text,
        Arn: text,
        Input: v.optional(text),
        DeadLetterConfig: withoutEffect,
        RetryPolicy: withoutEffect,
        RoleArn: withoutEffect,
      }),
    ),
    Description: withoutEffect,
    RoleArn: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::SSM::Parameter": v.strictObject({
    Name: text,
    // CloudFormation makes no SecureString.
    Type: v.picklist(["String", "StringList"]),
    Value: text,
    Description: withoutEffect,
    AllowedPattern: withoutEffect,
    DataType: withoutEffect,
    Tier: withoutEffect,
    Tags: withoutEffect,
  }),
  "AWS::Pipes::Pipe": v.strictObject({
    Name: v.optional(text),
    Source: text,
    SourceParameters: v.optional(v.strictObject({ KinesisStreamParameters: v.unknown() })),
    Target: v.pipe(text, v.regex(/^arn:aws:sqs:/, "pipes lead to queues only here")),
    TargetParameters: v.strictObject({
      InputTemplate: v.literal("<$.data>", 'a pipe gives the record as it is here: InputTemplate "<$.data>"'),
    }),
    DesiredState: v.optional(v.literal("RUNNING"), "RUNNING"),
    Description: withoutEffect,
    RoleArn: withoutEffect,
    LogConfiguration: withoutEffect,
    Tags: withoutEffect,
  }),
} as const;

export type BuiltType = keyof typeof schemas;
export type Properties<T extends BuiltType> = v.InferOutput<(typeof schemas)[T]>;

/** Needed on AWS, without meaning on one machine. */
const ignoredTypes = new Set([
  "AWS::IAM::Role",
  "AWS::Logs::LogGroup",
  "AWS::Lambda::Permission",
  "AWS::SQS::QueuePolicy",
  "AWS::SNS::TopicPolicy",
  "AWS::S3::BucketPolicy",
  "AWS::CloudWatch::Alarm",
]);

/** @throws Error naming each resource of a type that is neither built nor known to need nothing here */
export function checkTypes({ resources }: Deployment): void {
  const unknown = resources.filter(({ type }) => !(type in schemas) && !ignoredTypes.has(type));
  if (unknown.length === 0) return;
  const list = unknown.map(({ logicalId, type }) => `${logicalId} (${type})`).join(", ");
  throw new Error(`The local stack does not know what to do with ${list}`);
}

export function ignoredResources({ resources }: Deployment): string[] {
  return resources.filter(({ type }) => ignoredTypes.has(type)).map(({ logicalId }) => logicalId);
}

/** Every resource of that type. @throws Error naming the resource and what of it is not understood */
export function all<T extends BuiltType>(
  { resources }: Deployment,
  type: T,
): { logicalId: string; properties: Properties<T> }[] {
  return resources
    .filter((resource) => resource.type === type)
    .map((resource) => ({ logicalId: resource.logicalId, properties: propertiesOf(resource, type) }));
}

/** @throws Error naming the resource and what of it is not understood */
export function propertiesOf<T extends BuiltType>(
  { logicalId, properties }: Pick<Resource, "logicalId" | "properties">,
  type: T,
): Properties<T> {
  const schema: v.GenericSchema<unknown, unknown> = schemas[type];
  const parsed = v.safeParse(schema, properties);
  if (parsed.success) return parsed.output as Properties<T>;
  const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? ""}: ${issue.message}`);
  throw new Error(`The local stack cannot run ${logicalId} (${type}): ${problems.join("; ")}`);
}

export const nameIn = (arn: string): string => String(arn.split(":").at(-1));
