import { randomBytes } from "node:crypto";
import { base32, type Key, roleCaller, rootCaller, userCaller } from "./caller.ts";

export type ConfiguredKey = {
  accessKeyId: string;
  secretAccessKey: string;
  /** The access key id, unless given. */
  userName?: string | undefined;
  /** The account's root user instead. */
  root?: boolean | undefined;
};

export type SessionKey = Key & { sessionToken: string; expiresAt: number };
export type RoleSession = { roleArn: string; sessionName: string; durationSeconds: number };

export type KeyRing = {
  accountId: string;
  /** Session keys are found after their end too, until room is needed. */
  find(accessKeyId: string): Key | undefined;
  issue(session: RoleSession): SessionKey;
};

/** Keys that work when none are configured. */
export const defaultKeys: readonly ConfiguredKey[] = ["test", "x", "local"].map((name) => ({
  accessKeyId: name,
  secretAccessKey: name,
  userName: name,
}));

const mostSessions = 10_000;

/** The keys that the simulator knows: those configured and those of assumed roles. `now`: epoch milliseconds. */
export function keyRing(options: {
  keys: readonly ConfiguredKey[];
  accountId: string;
  now: () => number;
}): KeyRing {
  const { accountId, now } = options;
  const configured = new Map(options.keys.map((key) => [key.accessKeyId, keyOf(key, accountId)]));
  const sessions = new Map<string, SessionKey>();

  function makeRoom(): void {
    if (sessions.size < mostSessions) return;
    for (const [id, { expiresAt }] of sessions) if (expiresAt <= now()) sessions.delete(id);
    const [oldest] = sessions.keys();
    if (sessions.size >= mostSessions && oldest !== undefined) sessions.delete(oldest);
  }

  return {
    accountId,
    find: (accessKeyId) => configured.get(accessKeyId) ?? sessions.get(accessKeyId),
    issue({ roleArn, sessionName, durationSeconds }) {
      makeRoom();
      const key: SessionKey = {
        accessKeyId: `ASIA${base32(randomBytes(16))}`,
        secretAccessKey: randomBytes(30).toString("base64"),
        sessionToken: randomBytes(240).toString("base64"),
        caller: roleCaller(accountId, roleArn, sessionName),
        expiresAt: (Math.floor(now() / 1000) + durationSeconds) * 1000,
      };
      sessions.set(key.accessKeyId, key);
      return key;
    },
  };
}

function keyOf({ accessKeyId, secretAccessKey, userName, root }: ConfiguredKey, accountId: string): Key {
  const caller = root === true ? rootCaller(accountId) : userCaller(accountId, userName ?? accessKeyId);
  return { accessKeyId, secretAccessKey, caller };
}
