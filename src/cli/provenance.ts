import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, release, type } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RbmRgError } from "../errors/index.js";
import { pathStatus, sha256File } from "../io/index.js";
import type { Kernels } from "../kernels/index.js";
import type { Provenance } from "../runs/provenance.js";

/** The folder of this program's package.json. */
const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

/** What of it decides what the program computes; a user's own files in a clone do not. */
const PROGRAM = ["assets", "bin", "package-lock.json", "package.json", "scripts", "src"];

/** Milliseconds that git may take. */
const GIT_PATIENCE = 3000;

/** Where the results of this process come from; `config` is the configuration file given by the user, if one is. */
export function gatherProvenance({ name, threads }: Kernels, config: string | undefined): Provenance {
  const processors = cpus();
  return {
    command: process.argv.slice(2),
    working_folder: workingFolder(),
    git: gitState(packageRoot),
    dependencies_sha256: fileHash(join(packageRoot, "package-lock.json")),
    platform: {
      node: process.version,
      os: `${type()} ${release()}`,
      arch: process.arch,
      cpu: processors[0]?.model.trim() ?? null,
      processors: processors.length,
    },
    kernels: name,
    threads,
    inputs: config === undefined ? [] : [{ path: resolve(config), sha256: fileHash(config) }],
  };
}

/** The folder the process is in; null if that has been removed. */
function workingFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** sha256 of a file on disk; null if it is none, or cannot be read. */
function fileHash(path: string): string | null {
  try {
    return pathStatus(path)?.isFile() === true ? sha256File(path) : null;
  } catch (error) {
    if (error instanceof RbmRgError) return null;
    throw error;
  }
}

/**
 * The commit that is checked out in the repository whose root is `folder`, and whether the program's files differ from it.
 * Null without a repository there (one further up is the user's), without git, or if git does not answer in time.
 */
function gitState(folder: string): Provenance["git"] {
  if (!existsSync(join(folder, ".git"))) return null;
  // A hook may have set GIT_DIR and the like, which mean another repository.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const { status, stdout } = spawnSync(
    "git",
    ["--no-optional-locks", "-C", folder, "status", "--porcelain=v2", "--branch", "--", ...PROGRAM],
    {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: GIT_PATIENCE,
      killSignal: "SIGKILL",
      windowsHide: true,
    },
  );
  const lines = status === 0 ? stdout.trimEnd().split("\n") : [];
  const commit = lines.map((line) => /^# branch\.oid ([0-9a-f]{40,64})$/.exec(line)?.[1]).find(Boolean);
  return commit === undefined ? null : { commit, dirty: lines.some((line) => !line.startsWith("# ")) };
}
