import type { StopContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { isLive } from "../centre/contact.ts";
import { findInstance } from "../instance/find.ts";
import { absentOr, contactId, instanceId, structure } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { contactNotFound, invalidRequest } from "../wire/wire-error.ts";
import { checkActiveRegion, keptContact } from "./find-contact.ts";

/** How voice contacts come about that cannot be stopped. */
const notToBeStopped: readonly string[] = [
  "DISCONNECT",
  "TRANSFER",
  "QUEUE_TRANSFER",
  "EXTERNAL_OUTBOUND",
  "MONITOR",
];

export const stopContact = operation({
  name: "StopContact",
  method: "POST",
  path: "/contact/stop",
  input: v.object({
    ContactId: contactId,
    InstanceId: instanceId,
    DisconnectReason: absentOr(structure({ Code: absentOr(v.string()) })),
  }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    checkActiveRegion(instance, world);
    if (request.DisconnectReason !== null) {
      throw invalidRequest("DisconnectReason: only outbound campaigns may give one");
    }
    const contact = keptContact(request.ContactId, instance, world);
    const voice = contact?.channel === "VOICE";
    const strict = voice || world.deviations.stopOfEndedTask === "refused";
    if (contact === undefined || (strict && !isLive(contact))) {
      throw contactNotFound("The contact with the specified ID is not active or does not exist.");
    }
    if (voice && notToBeStopped.includes(contact.initiationMethod)) {
      throw invalidRequest(`ContactId: a voice contact by ${contact.initiationMethod} cannot be stopped`);
    }
    if (isLive(contact)) world.calls.stop(contact);
    return {} satisfies OnTheWire<StopContactResponse>;
  },
});
