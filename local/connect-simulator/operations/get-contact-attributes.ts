import type { GetContactAttributesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { attributesOf } from "../centre/chain.ts";
import { findInstance } from "../instance/find.ts";
import { contactId, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { findContact } from "./find-contact.ts";

export const getContactAttributes = operation({
  name: "GetContactAttributes",
  method: "GET",
  path: "/contact/attributes/{InstanceId}/{InitialContactId}",
  badInput: "InvalidRequestException",
  input: v.object({ InstanceId: instanceId, InitialContactId: contactId }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    const contact = findContact(request.InitialContactId, "InitialContactId", instance, world);
    return {
      Attributes: attributesOf(contact, world.contacts),
    } satisfies OnTheWire<GetContactAttributesResponse>;
  },
});
