import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { HourObject, ObjectStore } from "./hour-object.ts";

/** One bucket. */
export class S3ObjectStore implements ObjectStore {
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.client = client;
    this.bucket = bucket;
  }

  async put({ key, body, rows, intervals }: HourObject): Promise<void> {
    await this.client.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: body,
        // No Content-Encoding: who downloads it gets the file that its name says.
        ContentType: "application/gzip",
        Metadata: { rows: String(rows), intervals: String(intervals) },
      }),
    );
  }
}
