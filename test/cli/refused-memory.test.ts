import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { bin, inFolder } from "./run.js";

interface Check {
  readonly name: string;
  readonly verdict: string;
  readonly found: string;
}

/** Run the program with so many KiB of address space, which are too few for shared WebAssembly memory. */
function limited(folder: string, kilobytes: number, ...args: readonly string[]) {
  const command = `ulimit -v ${kilobytes} && exec "$0" "$@"`;
  return spawnSync("sh", ["-c", command, process.execPath, bin, ...args], { cwd: folder, encoding: "utf8" });
}

it.runIf(process.platform === "linux")(
  "where shared memory is refused, auto takes the reference kernels, wasm says why it cannot, and doctor tells",
  () => {
    inFolder((folder) => {
      const train = ["train", "-L", "4", "-K", "0.3", "-n", "50", "--hidden", "2", "--epochs", "1", "-q"];
      expect(limited(folder, 5_000_000, ...train, "-o", "run").stderr).toBe("");
      const refused = limited(folder, 5_000_000, ...train, "--kernels", "wasm", "-o", "other");
      expect(refused.status).toBe(1);
      expect(refused.stderr).toContain("Use --kernels reference");
      const doctor = limited(folder, 5_000_000, "doctor", "--json", "--threads", "1");
      expect(doctor.status, doctor.stdout).toBe(0);
      const { checks } = JSON.parse(doctor.stdout) as { checks: readonly Check[] };
      const kernels = checks.find(({ name }) => name === "kernels");
      expect(kernels?.verdict).toBe("remark");
      expect(kernels?.found).toContain("reference");
    });
  },
);
