import type { HourObject, ObjectStore } from "../../lib/metrics/export/hour-object.ts";

/** Stands in for the bucket; passes the contract suite of the S3 adapter. */
export class ObjectsInMemory implements ObjectStore {
  readonly objects = new Map<string, HourObject>();

  async put(object: HourObject): Promise<void> {
    this.objects.set(object.key, structuredClone(object));
  }
}
