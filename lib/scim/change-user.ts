import { checkCommand, commandOf } from "./command.ts";
import { ScimFault } from "./fault.ts";
import { etagOf, idOf, type ScimRecord, userKeyIn, userKeyOf } from "./record.ts";
import type { ScimSteps, SendSteps } from "./steps.ts";
import type { ScimUser } from "./user.ts";

/** So many others may be faster with the same user before a change is given up. */
const mostTries = 10;

/**
 * A user who was not there: send what is unsent ▸ write ▸ send ▸ mark as sent.
 * @throws ScimFault where there is one of that name
 */
export async function createUser(user: ScimUser, steps: ScimSteps): Promise<ScimRecord> {
  const userKey = userKeyOf(user.userName);
  const id = idOf(userKey, steps.newGeneration());
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await steps.users.find(userKey);
    if (before && !before.deleted) throw new ScimFault(409, "uniqueness", "there is a user of this userName");
    const at = new Date(steps.now()).toISOString();
    const record = {
      userKey,
      id,
      version: 1,
      createdAt: at,
      changedAt: at,
      user,
      deleted: false,
      unsent: true,
    };
    // Whoever was faster has made one of that name, or has parted with one that was deleted.
    if (await written(record, before, steps)) return record;
  }
  throw crowded();
}

/**
 * Changes a user as `next` says, in one conditional write, and sends the command of it.
 * @param ifMatch the header: which versions may be changed
 * @throws ScimFault
 */
export async function changeUser(
  id: string,
  ifMatch: string | undefined,
  next: (before: ScimRecord) => ScimUser | "deleted",
  steps: SendSteps,
): Promise<ScimRecord> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const before = await foundUser(id, steps);
    if (ifMatch !== undefined && !isListed(etagOf(before), ifMatch))
      throw new ScimFault(412, undefined, "the user has changed meanwhile");
    const user = next(before);
    if (user === before.user) return before;
    const record: ScimRecord = {
      ...before,
      version: before.version + 1,
      changedAt: new Date(steps.now()).toISOString(),
      ...(user === "deleted" ? { deleted: true } : { user }),
      unsent: true,
    };
    if (await written(record, before, steps)) return record;
  }
  throw crowded();
}

/** @throws ScimFault */
export async function foundUser(id: string, { users }: Pick<SendSteps, "users">): Promise<ScimRecord> {
  const userKey = userKeyIn(id);
  const record = userKey === undefined ? undefined : await users.find(userKey);
  if (!record || record.id !== id || record.deleted)
    throw new ScimFault(404, undefined, "there is no such user");
  return record;
}

/** Whether an entity tag is among those of the header `If-Match` or `If-None-Match`; all that we give out are weak ones. */
export const isListed = (etag: string, header: string): boolean =>
  header.trim() === "*" || header.split(",").some((one) => one.trim().replace(/^(?!W\/)/, "W/") === etag);

/**
 * What is unsent goes out before anything newer is written, so whoever wrote it and is late finds its own command of that version
 * in the queue already: its copy is dropped, and cannot come behind what is newer.
 */
async function written(
  record: ScimRecord,
  before: ScimRecord | undefined,
  steps: SendSteps,
): Promise<boolean> {
  checkCommand(record, steps.rules);
  if (before?.unsent) await steps.commands.send(commandOf(before, steps.rules));
  if (!(await steps.users.write(record, before))) return false;
  // From here on it is a fact: whoever comes next sends what this one could not, and at the latest send-unsent-users does.
  await send(record, steps).catch(steps.unsent);
  return true;
}

export async function send(record: ScimRecord, { users, commands, rules }: SendSteps): Promise<void> {
  await commands.send(commandOf(record, rules));
  await users.sent(record);
}

const crowded = () => new ScimFault(409, undefined, "the user is being changed by others: send it again");
