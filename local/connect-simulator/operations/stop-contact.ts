import type { StopContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { isLive } from "../centre/contact.ts";
import { absentOr, checkInstance, contactId, instanceId } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { contactNotFound, invalidRequest } from "../wire/wire-error.ts";

export const stopContact = operation({
  name: "StopContact",
  method: "POST",
  path: "/contact/stop",
  input: v.object({
    ContactId: contactId,
    InstanceId: instanceId,
    DisconnectReason: absentOr(v.object({ Code: absentOr(v.string()) })),
  }),
  carryOut(request, world) {
    checkInstance(request.InstanceId, world);
    if (request.DisconnectReason !== null) {
      throw invalidRequest("DisconnectReason: only outbound campaigns may give one");
    }
    const contact = world.contacts.get(request.ContactId);
    if (contact === undefined || !isLive(contact)) {
      throw contactNotFound("The contact with the specified ID is not active or does not exist.");
    }
    world.calls.stop(contact);
    return {} satisfies OnTheWire<StopContactResponse>;
  },
});
