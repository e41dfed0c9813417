import { pacerContract } from "../../support/pacer-contract.ts";
import { PacerInMemory } from "../../support/pacer-in-memory.ts";

pacerContract((pace, now) => {
  const pacer = new PacerInMemory(pace, now);
  return () => pacer;
});
