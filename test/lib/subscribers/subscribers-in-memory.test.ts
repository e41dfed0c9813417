import { subscribersContract } from "../../support/subscribers-contract.ts";
import { SubscribersInMemory } from "../../support/subscribers-in-memory.ts";

subscribersContract(() => new SubscribersInMemory());
