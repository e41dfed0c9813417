import * as v from "valibot";
import { type OperationName, operationNames } from "./operation-names.ts";

const count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1);
const operation = v.picklist([...operationNames, "*"]);

export const faultSchema = v.variant("kind", [
  v.strictObject({ kind: v.literal("reply-lost"), operation, count }),
  v.strictObject({ kind: v.literal("reset"), operation, count }),
  v.strictObject({
    kind: v.literal("refuse"),
    operation,
    count,
    status: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(400), v.maxValue(599)), 500),
    error: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,128}$/)), "InternalServiceException"),
  }),
  v.strictObject({
    kind: v.literal("delay"),
    operation,
    count,
    delayMs: v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)),
  }),
]);

export type Fault = v.InferInput<typeof faultSchema>;
type PendingFault = v.InferOutput<typeof faultSchema>;

export type Faults = {
  add(fault: PendingFault): void;
  /** The oldest fault that waits for this operation; each meets `count` requests. */
  take(operation: OperationName): PendingFault | undefined;
  pending(): readonly PendingFault[];
  clear(): void;
};

export function pendingFaults(): Faults {
  let faults: PendingFault[] = [];
  return {
    add(fault) {
      faults.push({ ...fault });
    },
    take(operation) {
      const fault = faults.find((one) => one.operation === operation || one.operation === "*");
      if (fault === undefined) return undefined;
      fault.count -= 1;
      if (fault.count === 0) faults = faults.filter((one) => one !== fault);
      return fault;
    },
    pending: () => faults,
    clear() {
      faults = [];
    },
  };
}
