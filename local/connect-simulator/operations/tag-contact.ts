import type { TagContactResponse } from "@aws-sdk/client-connect";
import * as v from "valibot";
import { findInstance } from "../instance/find.ts";
import { contactId, contactTags, instanceId, mostContactTags } from "../wire/constraints.ts";
import { type OnTheWire, operation } from "../wire/operation.ts";
import { invalidRequest } from "../wire/wire-error.ts";
import { checkActiveRegion, findContact } from "./find-contact.ts";

export const tagContact = operation({
  name: "TagContact",
  method: "POST",
  path: "/contact/tags",
  input: v.object({ ContactId: contactId, InstanceId: instanceId, Tags: contactTags }),
  carryOut(request, world) {
    const instance = findInstance(request.InstanceId, world);
    checkActiveRegion(instance, world);
    const contact = findContact(request.ContactId, "ContactId", instance, world);
    const merged = { ...contact.tags, ...request.Tags };
    if (Object.keys(merged).length > mostContactTags) {
      throw invalidRequest(`Tags: a contact can have ${mostContactTags} tags`);
    }
    contact.tags = merged;
    world.calls.tagsChanged(contact);
    return {} satisfies OnTheWire<TagContactResponse>;
  },
});
