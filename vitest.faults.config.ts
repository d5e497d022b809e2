import { defineConfig } from "vitest/config";

// Mistakes planted one by one in a copy of the built tree; every one must fail a test: npm run test:faults [-- -t NAME]
export default defineConfig({
  test: {
    include: ["test/faults/**/*.faults.ts"],
    reporters: ["verbose"],
    testTimeout: 3_600_000,
    hookTimeout: 3_600_000,
  },
});
