import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Resource } from "./cloudformation.ts";
import { propertiesOf } from "./properties.ts";

/** One of an earlier start stays as it is. */
export async function createBucket(s3: S3Client, resource: Resource): Promise<void> {
  const { BucketName } = propertiesOf(resource, "AWS::S3::Bucket");
  if (BucketName !== undefined) await s3.send(new CreateBucketCommand({ Bucket: BucketName }));
}
