import type { UpdateContactAttributesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import {
  attributes,
  checkAttributeBytes,
  checkInstance,
  contactId,
  instanceId,
} from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { resourceNotFound } from "../wire/wire-error.ts";

export const updateContactAttributes = operation({
  name: "UpdateContactAttributes",
  method: "POST",
  path: "/contact/attributes",
  input: v.object({ InitialContactId: contactId, InstanceId: instanceId, Attributes: attributes }),
  carryOut(request, world) {
    checkInstance(request.InstanceId, world);
    const contact = world.contacts.get(request.InitialContactId);
    if (contact === undefined) throw resourceNotFound("InitialContactId: there is no such contact");

    const merged = { ...contact.attributes, ...request.Attributes };
    checkAttributeBytes(merged);
    contact.attributes = merged;
    world.calls.attributesChanged(contact);
    return {} satisfies OnTheWire<UpdateContactAttributesResponse>;
  },
});
