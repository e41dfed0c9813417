import { defineConfig } from "vitest/config";

/** The tests that hold the mutated files: no packaging and no stack, so that a mutant takes seconds. */
export default defineConfig({
  test: {
    include: ["test/lib/contacts/**/*.test.ts", "test/lib/pacing/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
