import type { Journal } from "../journal.ts";
import type { User, Users } from "./instance.ts";
import { table } from "./table.ts";

/** The users of one instance, by id and by name. Every change is kept in the journal. */
export function users(instanceId: string, journal: Journal): Users {
  const rows = table<User>();
  const names = new Map<string, User>();

  function put(user: User): void {
    rows.put(user);
    names.set(user.username, user);
    journal.put("user", `${instanceId} ${user.id}`, user);
  }

  for (const user of journal.found<User>("user")) if (user.instanceId === instanceId) put(user);

  return {
    get size() {
      return rows.size;
    },
    get: rows.get,
    put,
    delete(id) {
      const user = rows.get(id);
      if (user === undefined) return;
      rows.delete(id);
      names.delete(user.username);
      journal.forget("user", `${instanceId} ${id}`);
    },
    all: rows.all,
    nextOrdinal: rows.nextOrdinal,
    page: rows.page,
    named: (username) => names.get(username),
  };
}
