import { metricsContract } from "../../support/metrics-contract.ts";
import { MetricsInMemory } from "../../support/metrics-in-memory.ts";
import { progressBookContract } from "../../support/progress-book-contract.ts";
import { ProgressBookInMemory } from "../../support/progress-book-in-memory.ts";

metricsContract(() => new MetricsInMemory());
progressBookContract((now) => new ProgressBookInMemory(now));
