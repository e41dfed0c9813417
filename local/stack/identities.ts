import type { Identity, Pseudo, Resource } from "./cloudformation.ts";

/**
 * The names and ARNs that resources have on one machine.
 * @param queueUrl gives the URL of a queue by its name @param apiUrl where the HTTP API is
 */
export function identities(queueUrl: (name: string) => string, apiUrl = "") {
  return (resource: Resource, pseudo: Pseudo): Identity => {
    const { logicalId, type, properties } = resource;
    const named = (property: string) => String(properties[property] ?? logicalId);
    const arn = (service: string, rest: string) =>
      `arn:aws:${service}:${pseudo["AWS::Region"]}:${pseudo["AWS::AccountId"]}:${rest}`;
    switch (type) {
      case "AWS::SQS::Queue": {
        const name = named("QueueName");
        return { ref: queueUrl(name), attributes: { Arn: arn("sqs", name), QueueName: name } };
      }
      case "AWS::SNS::Topic": {
        const topic = arn("sns", named("TopicName"));
        return { ref: topic, attributes: { TopicArn: topic, TopicName: named("TopicName") } };
      }
      case "AWS::DynamoDB::Table":
        return {
          ref: named("TableName"),
          attributes: { Arn: arn("dynamodb", `table/${named("TableName")}`) },
        };
      case "AWS::S3::Bucket":
        return { ref: named("BucketName"), attributes: { Arn: `arn:aws:s3:::${named("BucketName")}` } };
      case "AWS::Lambda::Function": {
        const name = named("FunctionName");
        return { ref: name, attributes: { Arn: arn("lambda", `function:${name}`) } };
      }
      case "AWS::ApiGatewayV2::Api":
        return { ref: logicalId, attributes: { ApiId: logicalId, ApiEndpoint: apiUrl } };
      case "AWS::SSM::Parameter":
        return { ref: named("Name"), attributes: {} };
      default:
        return { ref: logicalId, attributes: { Arn: arn("local", `${type}/${logicalId}`) } };
    }
  };
}
