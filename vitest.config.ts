import { defineConfig } from "vitest/config";

const common = {
  globalSetup: ["test/support/package-once.ts"],
  testTimeout: 30_000,
  hookTimeout: 120_000,
};
/** It holds Connect's real quotas against the real clock, and so wants the machine to itself. */
const pace = "test/service/pace.test.ts";

export default defineConfig({
  test: {
    // Tests that start the whole stack want the machine's two cores for it.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: "all",
          include: ["test/**/*.test.ts"],
          exclude: [pace],
          sequence: { groupOrder: 0 },
        },
      },
      { test: { ...common, name: "pace", include: [pace], sequence: { groupOrder: 1 } } },
    ],
  },
});
