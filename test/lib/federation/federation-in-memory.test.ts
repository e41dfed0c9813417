import { describe } from "vitest";
import { federationContract } from "../../support/federation-contract.ts";
import { FederationInMemory } from "../../support/federation-in-memory.ts";

describe("the federation of the tests", () => {
  federationContract(async (users) => new FederationInMemory(users));
});
