import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** The built program's entry. */
export const bin = join(root, "bin", "rbm-rg.js");

/** Whether there is a git to test with; CI installs one. */
export const hasGit = spawnSync("git", ["--version"]).status === 0;

export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Lines that tell how far a run is; where all goes fast there are none. */
const PROGRESS = /^[^:\n]+: \d+ %.*\n/gm;

/** Run the built program in a folder and wait for it. Of stderr the lines of progress are left out. */
export function rbmRg(folder: string, ...args: readonly string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return { status, stdout, stderr: stderr.replaceAll(PROGRESS, "") };
}

/** Run a test in an empty folder that is removed afterwards. */
export function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
