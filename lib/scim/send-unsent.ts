import { inParallel } from "../portions.ts";
import { send } from "./change-user.ts";
import type { SendSteps } from "./steps.ts";

/** Whoever wrote a user that long ago is not at it any more. */
const patienceMs = 60_000;
const atOnce = 10;

/** Sends the commands of users that were written and not sent; of each that fails the others go on. */
export async function sendUnsent(steps: SendSteps, mustEndBy: number) {
  const keys = await steps.users.unsentKeys(new Date(steps.now() - patienceMs).toISOString());
  const did = { sent: 0, failures: [] as { error: unknown }[] };
  await inParallel(keys, atOnce, async (key) => {
    if (steps.now() > mustEndBy) return;
    try {
      const record = await steps.users.find(key);
      if (!record?.unsent) return;
      await send(record, steps);
      did.sent += 1;
    } catch (error) {
      did.failures.push({ error });
    }
  });
  return did;
}
