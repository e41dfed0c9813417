import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dynamoDb, s3 } from "../../../../lib/edge/clients.ts";
import { DynamoExportBook } from "../../../../lib/metrics/export/export-book.dynamodb.ts";
import type { HourObject } from "../../../../lib/metrics/export/hour-object.ts";
import { S3ObjectStore } from "../../../../lib/metrics/export/object-store.s3.ts";
import { type Emulators, startEmulators } from "../../../support/emulators.ts";
import { exportBookContract } from "../../../support/export-book-contract.ts";
import { ExportBookInMemory } from "../../../support/export-book-in-memory.ts";
import { objectStoreContract } from "../../../support/object-store-contract.ts";
import { ObjectsInMemory } from "../../../support/objects-in-memory.ts";

let emulators: Emulators;
let instances = 0;
beforeAll(async () => {
  emulators = await startEmulators();
});
afterAll(() => emulators.stop());
const env = (name: string) => String(emulators.env[name]);

exportBookContract(() => new ExportBookInMemory());
exportBookContract(() => new DynamoExportBook(dynamoDb(), env("METRICS_TABLE"), `instance-${++instances}`));

const inMemory = new ObjectsInMemory();
objectStoreContract(
  () => inMemory,
  async () => [...inMemory.objects.values()],
);
objectStoreContract(() => new S3ObjectStore(s3(), env("METRICS_BUCKET")), objectsInBucket);

async function objectsInBucket(): Promise<HourObject[]> {
  const Bucket = env("METRICS_BUCKET");
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket }));
  return Promise.all(
    Contents.map(async ({ Key = "" }) => {
      const { Body, Metadata } = await s3().send(new GetObjectCommand({ Bucket, Key }));
      const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return {
        key: Key,
        body: new Uint8Array(body),
        rows: Number(Metadata?.["rows"]),
        intervals: Number(Metadata?.["intervals"]),
      };
    }),
  );
}

it("is told what kind of file an object is, and nothing that would have it unpacked on its way", async () => {
  const { Contents = [] } = await s3().send(new ListObjectsV2Command({ Bucket: env("METRICS_BUCKET") }));
  for (const { Key } of Contents) {
    const found = await s3().send(new GetObjectCommand({ Bucket: env("METRICS_BUCKET"), Key }));
    expect(found).toMatchObject({ ContentType: "application/gzip" });
    expect(found.ContentEncoding).toBeUndefined();
  }
  expect(Contents.length).toBeGreaterThan(0);
});

it("fails where the bucket is not there", async () => {
  const object = { key: "metrics/x", body: new Uint8Array(), rows: 0, intervals: 0 };
  await expect(new S3ObjectStore(s3(), "contact-automation-no-bucket").put(object)).rejects.toThrow(
    expect.objectContaining({ name: "NoSuchBucket" }),
  );
});
