import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, root } from "./run.js";

/** Run a command and fail with its output if it fails. */
function run(folder: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} → ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

describe("the packed tarball", () => {
  it("installs in an empty folder with a space and an umlaut, runs, types resolve, and carries no development files", () => {
    inFolder((folder) => {
      // The build exists already; packing must not rebuild it under the other tests.
      run(root, "npm", "pack", "--ignore-scripts", "--pack-destination", folder);
      const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
      const project = join(folder, "ein Ordner für Läufe");
      mkdirSync(project);
      writeFileSync(
        join(project, "package.json"),
        '{ "name": "empty", "private": true, "type": "module" }\n',
      );
      run(project, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", join("..", tarball));
      const program = join("node_modules", ".bin", "rbm-rg");
      expect(run(project, program, "--version").trim()).toMatch(/^\d+\.\d+\.\d+$/);
      expect(run(project, program, "exact", "-L", "4", "-K", "0.4")).toContain("-1.3791164822593");
      run(
        project,
        program,
        "train",
        "-q",
        "-L",
        "6",
        "-K",
        "0.4",
        "-n",
        "400",
        "--hidden",
        "9",
        "--epochs",
        "2",
        "-o",
        "run",
      );
      expect(existsSync(join(project, "run", "figures", "receptive-fields-1.png"))).toBe(true);
      const installed = join(project, "node_modules", "rbm-rg");
      for (const name of ["src", "test", ".ci"]) expect(existsSync(join(installed, name))).toBe(false);
      expect(existsSync(join(project, "node_modules", "typescript"))).toBe(false);
      writeFileSync(
        join(project, "use.ts"),
        'import { isingModel, torus, type IsingModel } from "rbm-rg";\nexport const model: IsingModel = isingModel(torus(4, 4), 0.4);\n',
      );
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const compilerOptions = { noEmit: true, strict: true, module: "nodenext", target: "es2022", types: [] };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
      run(project, process.execPath, tsc, "-p", "tsconfig.json");
    });
  });
});
