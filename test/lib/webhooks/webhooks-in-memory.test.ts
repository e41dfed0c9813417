import { webhooksContract } from "../../support/webhooks-contract.ts";
import { WebhooksInMemory } from "../../support/webhooks-in-memory.ts";

webhooksContract(() => new WebhooksInMemory());
