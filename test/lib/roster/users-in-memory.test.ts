import { usersContract } from "../../support/users-contract.ts";
import { CentreInMemory, UsersInMemory } from "../../support/users-in-memory.ts";

usersContract(async (turn) => {
  const centre = new CentreInMemory({
    routingProfiles: [
      { id: "r1", name: "Sales" },
      { id: "r2", name: "Support" },
    ],
    securityProfiles: [
      { id: "s1", name: "Agent" },
      { id: "s2", name: "Admin" },
    ],
    paths: { g1: ["EMEA"], g2: ["EMEA", "Madrid"] },
    levels: 2,
  });
  return new UsersInMemory(centre, turn);
});
