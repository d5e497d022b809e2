import { accessSync, constants, mkdirSync, realpathSync, type Stats, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { OutputError } from "../errors/index.js";
import { explainWriting } from "./output-failure.js";
import { systemErrorCode } from "./system-error.js";

/** Create a folder and its missing parents; an existing folder is left as it is. OutputError if that is impossible. */
export function createFolder(path: string): void {
  explainWriting(path, () => {
    createMissing(resolve(path));
  });
}

/** Create a folder in one that exists; an existing folder is left as it is. OutputError if that is impossible. */
export function createSubfolder(path: string): void {
  explainWriting(path, () => {
    createOne(path);
  });
}

/**
 * Not mkdirSync with `recursive`: that never returns where the file system answers ENOENT although the parent is there,
 * as /proc does.
 */
function createMissing(path: string): void {
  const parent = dirname(path);
  if (statusOf(parent) === undefined) createMissing(parent);
  createOne(path);
}

function createOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it since.
    if (systemErrorCode(error) !== "EEXIST" || statusOf(path)?.isDirectory() !== true) throw error;
  }
}

/**
 * Check, without creating anything, that a file or folder can be written at `path`: if it exists, that it is a folder
 * that can be written into or a file that can be replaced; else that the nearest existing folder above can be written
 * into. Read-only file systems and those of the kernel count as not writable, for root too. OutputError if not.
 */
export function requireWritable(path: string): void {
  explainWriting(path, () => {
    const full = resolve(path);
    const existing = statusOf(full);
    if (existing?.isFile() === true) {
      requireWritableFolder(dirname(realpathSync(full)), path);
      return;
    }
    const ancestor = nearestExisting(full);
    if (!ancestor.status.isDirectory()) {
      throw new OutputError(
        `cannot write ${path}: ${ancestor.path} is not a folder. Choose a path inside a folder.`,
      );
    }
    requireWritableFolder(ancestor.path, path);
  });
}

function nearestExisting(path: string): { readonly path: string; readonly status: Stats } {
  let candidate = path;
  for (;;) {
    const status = statusOf(candidate);
    if (status !== undefined) return { path: candidate, status };
    candidate = dirname(candidate);
  }
}

/** What is at `path`; undefined if nothing is, or if a part of the path is a file, which a look further up will find. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (systemErrorCode(error) === "ENOTDIR") return undefined;
    throw error;
  }
}

/** File system types (statfs, f_type) of Linux in which nobody can create files, though their permissions say so. */
const KERNEL_FILE_SYSTEMS: readonly number[] = [
  0x9fa0, // proc
  0x62656572, // sysfs
];

function requireWritableFolder(folder: string, path: string): void {
  explainWriting(
    path,
    () => {
      // The system reports a read-only file system here whoever asks.
      accessSync(folder, constants.W_OK | constants.X_OK);
    },
    folder,
  );
  if (KERNEL_FILE_SYSTEMS.includes(statfsSync(folder).type)) {
    throw new OutputError(
      `cannot write ${path}: only the kernel creates files in ${folder}. Choose another folder.`,
    );
  }
}
