import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inFolder, root } from "./run.js";

it("a thread that cannot start ends the run with a message, with --quiet too", () => {
  inFolder((folder) => {
    const copy = join(folder, "package");
    mkdirSync(copy);
    for (const name of ["bin", "dist", "assets", "package.json"]) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
    rmSync(join(copy, "dist", "kernels", "wasm", "worker.js"));
    const model = ["-L", "40", "-T", "2.5", "--threads", "2", "--kernels", "wasm", "--quiet"];
    for (const command of [
      ["train", ...model, "-n", "1000", "--hidden", "400", "--epochs", "20", "-o", "run"],
      ["sample", ...model, "-n", "20000", "--algorithm", "heat-bath", "--chains", "1000", "-o", "data"],
    ]) {
      const program = [join(copy, "bin", "rbm-rg.js"), ...command];
      const { status, stderr } = spawnSync(process.execPath, program, { cwd: folder, encoding: "utf8" });
      expect(status, command[0]).toBe(1);
      expect(stderr).toMatch(/a kernel thread could not run: .*worker\.js.*--threads 1/);
    }
  });
});
