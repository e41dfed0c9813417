import { userChangesContract } from "../../support/user-changes-contract.ts";
import { UserChangesInMemory } from "../../support/user-changes-in-memory.ts";

userChangesContract((now) => {
  const changes = new UserChangesInMemory(now);
  return { changes, reader: changes };
});
