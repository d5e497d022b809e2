import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { createFolder, createSubfolder, requireWritable } from "../../src/io/index.js";
import { contentsOf, expectError, temporaryFolder } from "./temporary.js";

const readOnlyFolders = readOnlyMounts();
const linux = existsSync("/proc/self");

describe("createFolder", () => {
  it("makes parents, and leaves what exists", () => {
    const path = join(temporaryFolder(), "a", "b");
    createFolder(path);
    writeFileSync(join(path, "kept"), "");
    createFolder(path);
    expect(contentsOf(path)).toEqual(["kept"]);
  });

  it("refuses impossible places and says why", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expectError(
      () => {
        createFolder(file);
      },
      OutputError,
      file,
      /a file of this name exists/,
    );
    expectError(
      () => {
        createFolder(join(file, "a"));
      },
      OutputError,
      /is a file, not a folder/,
    );
  });

  it.skipIf(!linux)("refuses the kernel's file systems", () => {
    expectError(
      () => {
        createFolder("/proc/rbm-rg/run");
      },
      OutputError,
      /file system cannot hold it/,
    );
  });
});

describe("createSubfolder", () => {
  it("makes no parents, and leaves what exists", () => {
    const folder = temporaryFolder();
    expectError(
      () => {
        createSubfolder(join(folder, "a", "b"));
      },
      OutputError,
      /cannot write .*b: .*a does not exist/,
    );
    expect(contentsOf(folder)).toEqual([]);
    createSubfolder(join(folder, "a"));
    writeFileSync(join(folder, "a", "kept"), "");
    createSubfolder(join(folder, "a"));
    expect(contentsOf(join(folder, "a"))).toEqual(["kept"]);
  });
});

describe("requireWritable", () => {
  it("accepts folders, files and names whose nearest folder is writable, and creates nothing", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "sub"));
    symlinkSync("file", join(folder, "link"));
    for (const name of ["", "file", "sub", "link", "new.csv", join("a", "b", "c"), join("sub", "run")]) {
      requireWritable(join(folder, name));
    }
    expect(contentsOf(folder)).toEqual(["file", "link", "sub"]);
    expect(contentsOf(join(folder, "sub"))).toEqual([]);
  });

  it("refuses what lies below a file or is a device", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expectError(
      () => {
        requireWritable(join(file, "a", "b"));
      },
      OutputError,
      `${file} is not a folder`,
    );
    expectError(
      () => {
        requireWritable("/dev/null");
      },
      OutputError,
      /not a folder/,
    );
    expectError(
      () => {
        requireWritable("/dev/null/run");
      },
      OutputError,
      /not a folder/,
    );
    expectError(() => {
      requireWritable("a\0b");
    }, OutputError);
  });

  it
    .skipIf(!linux)
    .each([
      ...["/proc/rbm-rg", "/proc", "/proc/self/run/1"],
      ...(existsSync("/sys/kernel") ? ["/sys/rbm-rg"] : []),
    ])("refuses %s, even to root", (path) => {
    expectError(
      () => {
        requireWritable(path);
      },
      OutputError,
      path,
    );
  });

  it.skipIf(readOnlyFolders.length === 0)("refuses read-only file systems, even to root", () => {
    for (const folder of readOnlyFolders) {
      expectError(
        () => {
          requireWritable(join(folder, "run", "1"));
        },
        OutputError,
        `${folder} is on a read-only file system`,
      );
    }
  });

  it.skipIf(process.getuid?.() === 0)("refuses folders without permission", () => {
    const folder = join(temporaryFolder(), "locked");
    mkdirSync(folder, { mode: 0o555 });
    expectError(
      () => {
        requireWritable(join(folder, "run"));
      },
      OutputError,
      /no permission/,
    );
  });
});

/** Folders mounted read-only on this machine that can be entered, as Linux lists them. */
function readOnlyMounts(): readonly string[] {
  if (!existsSync("/proc/mounts")) return [];
  return readFileSync("/proc/mounts", "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, folder, , options]) => options.split(",").includes("ro") && !folder.includes("\\"))
    .map(([, folder]) => folder)
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true);
}
