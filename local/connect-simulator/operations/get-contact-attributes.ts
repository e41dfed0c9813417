import type { GetContactAttributesResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { checkInstance, contactId, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { resourceNotFound } from "../wire/wire-error.ts";

export const getContactAttributes = operation({
  name: "GetContactAttributes",
  method: "GET",
  path: "/contact/attributes/{InstanceId}/{InitialContactId}",
  input: v.object({ InstanceId: instanceId, InitialContactId: contactId }),
  carryOut(request, world) {
    checkInstance(request.InstanceId, world);
    const contact = world.contacts.get(request.InitialContactId);
    if (contact === undefined) throw resourceNotFound("InitialContactId: there is no such contact");
    return { Attributes: contact.attributes } satisfies OnTheWire<GetContactAttributesResponse>;
  },
});
