import { defineConfig } from "vitest/config";

// On a machine with Debian's slurm-wlm and munge, as root: npm run test:slurm
export default defineConfig({
  test: { include: ["test/slurm/**/*.slurm.ts"], testTimeout: 3_600_000, hookTimeout: 3_600_000 },
});
