import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Fault, NamedTest } from "./fault.js";
import type { Outcomes, TestOutcome } from "./outcomes.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const copied = [
  "src",
  "test",
  "configs",
  "dist",
  "scripts",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];
const assembly = "src/kernels/wasm/assembly/";
const config = "test/faults/run/vitest.config.ts";
const built = "dist/kernels/wasm/kernels.wasm";

/** A copy of the working tree in a temporary folder, in which faults are planted one at a time. */
export class CopiedTree {
  readonly #root = mkdtempSync(join(tmpdir(), "rbm-rg-faults-"));

  constructor() {
    for (const entry of copied) cpSync(join(root, entry), join(this.#root, entry), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(this.#root, "node_modules"));
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  /** Run `action` while the fault is in its place. Throws unless its line is there once. */
  async withFault<T>({ file, line, planted }: Fault, action: () => Promise<T>): Promise<T> {
    const place = join(this.#root, file);
    const text = readFileSync(place, "utf8");
    const lines = text.split("\n");
    const places = lines.flatMap((candidate, index) => (candidate.trim() === line ? [index] : []));
    if (places.length !== 1) {
      throw new Error(`${file} has ${places.length} lines like this, expected 1: ${line}`);
    }
    lines[places[0]] = planted;
    const kernels = readFileSync(join(this.#root, built));
    writeFileSync(place, lines.join("\n"));
    try {
      if (file.startsWith(assembly)) await this.#node(["scripts/build-kernels.mjs"]);
      return await action();
    } finally {
      writeFileSync(place, text);
      writeFileSync(join(this.#root, built), kernels);
    }
  }

  /** The outcomes of the tests of these names, and of any others that share one. Throws if a file cannot be loaded. */
  async run(tests: readonly NamedTest[]): Promise<readonly TestOutcome[]> {
    const files = [...new Set(tests.map(({ file }) => file))];
    const pattern = tests.map(({ name }) => name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
    const written = join(this.#root, "outcomes.json");
    rmSync(written, { force: true });
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "--root", ".", "--config", config];
    const said = await this.#node([...vitest, ...files, "-t", pattern], { RBM_RG_OUTCOMES: written });
    if (!existsSync(written)) throw new Error(`the tests did not run:\n${said}`);
    const outcomes = JSON.parse(readFileSync(written, "utf8")) as Outcomes;
    if (outcomes.unloaded.length > 0) throw new Error(outcomes.unloaded.join("\n"));
    return outcomes.tests;
  }

  /** Run a script of the copy; returns what it wrote. Failing tests are no error here. */
  async #node(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const outside = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
    const env = { ...Object.fromEntries(outside), ...environment };
    const options = { cwd: this.#root, env, maxBuffer: 2 ** 26 };
    try {
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options);
      return stdout + stderr;
    } catch (error) {
      if (args[0].startsWith("scripts/")) throw error;
      return String(error);
    }
  }
}
