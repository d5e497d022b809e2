import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PYTHONS = ["/usr/bin/python3", "python3"];
const COMPILERS = ["cc", "gcc"];

/** What peers need: interpreters, compilers, and a folder for what they make. What is missing is remembered. */
export class Toolbox {
  readonly folder = mkdtempSync(join(tmpdir(), "rbm-rg-bench-"));
  readonly versions = new Map<string, string>();
  readonly missing = new Set<string>();
  readonly #pythons = new Map<string, string | null>();
  readonly #programs = new Map<string, string | null>();

  constructor(private readonly root: URL) {}

  /** The path of a peer's source. */
  source(name: string): string {
    return fileURLToPath(new URL(`test/bench/peers/${name}`, this.root));
  }

  /** The first Python that has `modules`, or null. */
  python(modules: readonly string[]): string | null {
    const wanted = modules.join(", ");
    const known = this.#pythons.get(wanted);
    if (known !== undefined) return known;
    const found = PYTHONS.find((command) => this.#hasModules(command, modules)) ?? null;
    if (found === null) this.missing.add(`a python3 with ${wanted}`);
    this.#pythons.set(wanted, found);
    return found;
  }

  /** Compile a C peer for this machine; null without a compiler. */
  program(name: string): string | null {
    const known = this.#programs.get(name);
    if (known !== undefined) return known;
    const program = this.#compile(name);
    if (program === null) this.missing.add(`a C compiler (${COMPILERS.join(" or ")})`);
    this.#programs.set(name, program);
    return program;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #hasModules(command: string, modules: readonly string[]): boolean {
    const script = [
      "import sys, json",
      ...modules.map((module) => `import ${module}`),
      `print(json.dumps({"Python": sys.version.split()[0], ${modules.map((m) => `"${m}": ${m}.__version__`).join(", ")}}))`,
    ].join("\n");
    const result = spawnSync(command, ["-c", script], { encoding: "utf8" });
    if (result.status !== 0) return false;
    const found = JSON.parse(result.stdout) as Readonly<Record<string, string>>;
    for (const [module, version] of Object.entries(found)) this.versions.set(module, version);
    return true;
  }

  #compile(name: string): string | null {
    const program = join(this.folder, name);
    for (const compiler of COMPILERS) {
      const args = ["-O3", "-march=native", "-o", program, this.source(`${name}.c`), "-lm"];
      const result = spawnSync(compiler, args, { encoding: "utf8" });
      if (result.error !== undefined) continue;
      if (result.status !== 0) throw new Error(`${compiler} cannot compile ${name}.c:\n${result.stderr}`);
      this.versions.set("C compiler", firstLine(compiler));
      return program;
    }
    return null;
  }
}

function firstLine(compiler: string): string {
  return spawnSync(compiler, ["--version"], { encoding: "utf8" }).stdout.split("\n")[0].trim();
}

/** The environment of a peer's program limited to so many threads. */
export function limitedThreads(threads: number): NodeJS.ProcessEnv {
  const limit = String(threads);
  return {
    ...process.env,
    OMP_NUM_THREADS: limit,
    OPENBLAS_NUM_THREADS: limit,
    MKL_NUM_THREADS: limit,
    NUMBA_NUM_THREADS: limit,
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
