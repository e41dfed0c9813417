import { ledgerContract } from "../../support/ledger-contract.ts";
import { LedgerInMemory } from "../../support/ledger-in-memory.ts";

ledgerContract((now) => new LedgerInMemory(now));
