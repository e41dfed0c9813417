import type { Contact } from "../centre/contact.ts";
import type { Instance } from "../instance/instance.ts";
import { invalidActiveRegion, resourceNotFound } from "../wire/wire-error.ts";
import type { World } from "../world.ts";

/** Amazon Connect keeps contacts from their initiation on for so long. */
const monthsKept = 24;

/** Undefined too for a contact that Amazon Connect would have forgotten. */
export function keptContact(contactId: string, instance: Instance, world: World): Contact | undefined {
  const contact = world.contacts.get(contactId, instance.id);
  if (contact === undefined) return undefined;
  const until = new Date(contact.initiatedAt);
  until.setUTCMonth(until.getUTCMonth() + monthsKept);
  return world.clock.now() < until.getTime() ? contact : undefined;
}

/** `member`: the input that named it. */
export function findContact(contactId: string, member: string, instance: Instance, world: World): Contact {
  const contact = keptContact(contactId, instance, world);
  if (contact === undefined) throw resourceNotFound(`${member}: there is no such contact`);
  return contact;
}

export function checkActiveRegion({ passive }: Instance, { region }: World): void {
  if (passive) throw invalidActiveRegion(`${region} is not the active Region of this instance.`);
}
