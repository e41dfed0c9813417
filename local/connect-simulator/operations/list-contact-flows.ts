import type { ListContactFlowsResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { absentOr, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { pageMembers, pageOf, pageQuery } from "../wire/pages.ts";

const types = [
  "CONTACT_FLOW",
  "CUSTOMER_QUEUE",
  "CUSTOMER_HOLD",
  "CUSTOMER_WHISPER",
  "AGENT_HOLD",
  "AGENT_WHISPER",
  "OUTBOUND_WHISPER",
  "AGENT_TRANSFER",
  "QUEUE_TRANSFER",
  "CAMPAIGN",
] as const;

const contactFlowTypes = v.pipe(
  v.array(v.picklist(types, "is not a type of contact flows")),
  v.maxLength(10, "must have at most 10 entries"),
);

export const listContactFlows = operation({
  name: "ListContactFlows",
  method: "GET",
  path: "/contact-flows-summary/{InstanceId}",
  query: { ...pageQuery, ContactFlowTypes: { name: "contactFlowTypes", as: "texts" } },
  input: v.object({ InstanceId: instanceId, ContactFlowTypes: absentOr(contactFlowTypes), ...pageMembers() }),
  carryOut(request, world) {
    const { id, contactFlows, place } = findInstance(request.InstanceId, world);
    const wanted = new Set<string>(request.ContactFlowTypes?.length ? request.ContactFlowTypes : types);
    const scope = ["ListContactFlows", id, [...wanted].sort()];
    const { rows, nextToken } = pageOf(contactFlows, request, scope, ({ type }) => wanted.has(type));
    return {
      ContactFlowSummaryList: rows.map((flow) => ({
        Id: flow.id,
        Arn: place.arn("contact-flow", flow.id),
        Name: flow.name,
        ContactFlowType: types.find((type) => type === flow.type),
        ContactFlowState: flow.state,
        ContactFlowStatus: flow.published ? ("PUBLISHED" as const) : ("SAVED" as const),
      })),
      NextToken: nextToken,
    } satisfies OnTheWire<ListContactFlowsResponse>;
  },
});
