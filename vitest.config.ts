import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/package-once.ts"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Tests that start the whole stack want the machine's two cores for it.
    maxWorkers: 2,
  },
});
