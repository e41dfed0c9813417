import type { UpdateContactAttributesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { initialOf } from "../centre/chain.ts";
import { findInstance } from "../instance/find.ts";
import { attributes, checkAttributeBytes, contactId, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { checkActiveRegion, findContact } from "./find-contact.ts";

export const updateContactAttributes = operation({
  name: "UpdateContactAttributes",
  method: "POST",
  path: "/contact/attributes",
  input: v.object({ InitialContactId: contactId, InstanceId: instanceId, Attributes: attributes }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    checkActiveRegion(instance, world);
    const found = findContact(request.InitialContactId, "InitialContactId", instance, world);
    const contact = initialOf(found, world.contacts);

    const merged = { ...contact.attributes, ...request.Attributes };
    checkAttributeBytes(merged, world);
    contact.attributes = merged;
    world.calls.attributesChanged(contact);
    return {} satisfies OnTheWire<UpdateContactAttributesResponse>;
  },
});
