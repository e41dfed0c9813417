import type { DescribeInstanceResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { instanceSummary } from "./summaries.ts";

export const describeInstance = operation({
  name: "DescribeInstance",
  method: "GET",
  path: "/instance/{InstanceId}",
  badInput: "InvalidRequestException",
  input: v.object({ InstanceId: instanceId }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    return { Instance: instanceSummary(instance) } satisfies OnTheWire<DescribeInstanceResponse>;
  },
});
