import { scimUsersContract } from "../../support/scim-users-contract.ts";
import { ScimUsersInMemory } from "../../support/scim-users-in-memory.ts";

scimUsersContract(async () => new ScimUsersInMemory());
