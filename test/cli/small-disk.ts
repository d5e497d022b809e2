import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A disk of a few MiB (tmpfs), to be filled and write-protected. Mounting one needs root on Linux. */
export class SmallDisk {
  /** An empty folder on it. */
  readonly folder: string;
  readonly #mount = mkdtempSync(join(tmpdir(), "rbm-rg-disk-"));

  /** It is unmounted when the running test ends. */
  constructor(mebibytes: number) {
    if (!mount("-t", "tmpfs", "-o", `size=${mebibytes}m`, "none", this.#mount))
      throw new Error("cannot mount");
    onTestFinished(() => {
      spawnSync("umount", ["--lazy", this.#mount]);
      rmSync(this.#mount, { recursive: true, force: true });
    });
    this.folder = join(this.#mount, "work");
    mkdirSync(this.folder);
  }

  /** Fill it until there is only room for so many blocks of 4 KiB. */
  leave(blocks: number): void {
    this.clear();
    const { bavail, bsize } = statfsSync(this.#mount);
    writeFileSync(join(this.#mount, "filler"), Buffer.alloc((bavail - blocks) * bsize));
  }

  /** Make room again. */
  clear(): void {
    rmSync(join(this.#mount, "filler"), { force: true });
  }

  /** Protect it, or not, against writing; whether that worked: it does not while a file is being written. */
  protect(on: boolean): boolean {
    return mount("-o", `remount,${on ? "ro" : "rw"}`, this.#mount);
  }
}

/** Whether there can be small disks here. */
export const smallDisks = probe();

function probe(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-disk-"));
  const possible = mount("-t", "tmpfs", "-o", "size=1m", "none", folder);
  if (possible) spawnSync("umount", [folder]);
  else console.log("tests on small disks are skipped: mounting one needs root on Linux");
  rmSync(folder, { recursive: true, force: true });
  return possible;
}

function mount(...args: readonly string[]): boolean {
  return spawnSync("mount", args).status === 0;
}
