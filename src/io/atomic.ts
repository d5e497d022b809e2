import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { OutputError } from "../errors/index.js";
import { explainWriting } from "./output-failure.js";
import { systemErrorCode } from "./system-error.js";

/** What a file is to hold: all at once, or in parts that are made as they are written, so that no whole of them exists. */
export type FileContent = string | Uint8Array | Iterable<string | Uint8Array>;

/**
 * Write a file so that a reader, or a crash at any moment, finds either the old content or the new one, complete: a
 * temporary file in the same folder is written, synced and renamed. A symbolic link is followed and the mode of an
 * existing file kept. The folder must exist. OutputError if the file system refuses; what making a part throws is passed
 * on. Nothing is left behind either way.
 */
export function writeFileAtomic(path: string, content: FileContent): void {
  explainWriting(path, () => {
    const { target, existing } = locate(path);
    if (existing?.isDirectory() === true) {
      throw new OutputError(`cannot write ${path}: it is a folder; expected the name of a file.`);
    }
    if (existing?.isFile() === false) {
      throw new OutputError(`cannot write ${path}: it is a device or a pipe; expected a file on disk.`);
    }
    const temporary = besideName(target, "tmp");
    removedOnFailure(temporary, () => {
      writeSynced(temporary, content, existing?.mode);
      renameSync(temporary, target);
    });
    syncFolder(dirname(target));
  });
}

/** Delete a file; it need not exist. OutputError if the file system refuses. */
export function removeFile(path: string): void {
  explainWriting(path, () => {
    rmSync(path, { force: true });
  });
}

/**
 * Make a folder so that it appears under its name complete or not at all: `fill` is given an empty temporary folder
 * beside `path`, everything in it is synced, then it is renamed. The parent must exist. An existing folder must be
 * empty, unless `replace` is true: then it is moved aside, deleted once the new one is in place, and put back if that
 * fails. OutputError if the file system refuses, also within `fill`; what else `fill` throws is passed on. Nothing is left
 * behind either way.
 */
export function writeFolderAtomic(
  path: string,
  fill: (temporary: string) => void,
  options: { readonly replace?: boolean } = {},
): void {
  const replace = options.replace ?? false;
  const { target, existing } = explainWriting(path, () => locate(path));
  explainWriting(path, () => {
    requireReplaceable(path, target, existing, replace);
  });
  const temporary = besideName(target, "tmp");
  removedOnFailure(temporary, () => {
    explainWriting(path, () => {
      mkdirSync(temporary);
    });
    explainFilling(path, () => {
      fill(temporary);
    });
    explainWriting(path, () => {
      syncTree(temporary);
      if (existing !== undefined && replace) {
        exchange(temporary, target);
      } else {
        // The system refuses to rename over a folder that has been filled meanwhile.
        renameSync(temporary, target);
      }
    });
  });
  explainWriting(path, () => {
    syncFolder(dirname(target));
  });
}

/** Tell of the folder that is to appear, not of the temporary one, where the file system refuses. */
function explainFilling(path: string, fill: () => void): void {
  try {
    fill();
  } catch (error) {
    const refusal = error instanceof OutputError ? error.cause : error;
    if (systemErrorCode(refusal) === undefined) throw error;
    explainWriting(path, () => {
      throw refusal;
    });
  }
}

/**
 * Remove what `writeFileAtomic` or `writeFolderAtomic` left of `path` in processes that were killed. Nobody may be writing
 * it: the caller holds a lock. OutputError if the file system refuses.
 */
export function removeAbandoned(path: string): void {
  explainWriting(path, () => {
    const folder = dirname(resolve(path));
    const start = besideStart(path);
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(start) || !BESIDE.test(name.slice(start.length))) continue;
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  });
}

function requireReplaceable(
  path: string,
  target: string,
  existing: Stats | undefined,
  replace: boolean,
): void {
  if (existing === undefined) return;
  if (!existing.isDirectory()) {
    throw new OutputError(
      `cannot write the folder ${path}: a file of this name exists. Choose another name.`,
    );
  }
  if (!replace && readdirSync(target).length > 0) {
    throw new OutputError(
      `cannot write the folder ${path}: it exists and is not empty. Remove it or choose another name.`,
    );
  }
}

/** Put the folder `fresh` in the place of `target`. If that fails, both are where they were. */
function exchange(fresh: string, target: string): void {
  const aside = besideName(target, "old.tmp");
  renameSync(target, aside);
  try {
    renameSync(fresh, target);
    syncFolder(dirname(target));
  } catch (error) {
    putBack(fresh, target, aside);
    throw error;
  }
  try {
    rmSync(aside, { recursive: true, force: true });
  } catch (error) {
    throw new OutputError(
      `${target} has been replaced, but its old content could not be deleted. Delete ${aside} by hand.`,
      { cause: error },
    );
  }
}

function putBack(fresh: string, target: string, aside: string): void {
  try {
    if (existsSync(target)) renameSync(target, fresh);
    renameSync(aside, target);
  } catch (error) {
    throw new OutputError(
      `${target} could not be replaced; its old content is now ${aside}. Rename it by hand.`,
      { cause: error },
    );
  }
}

/** The place `path` really means, symbolic links followed, and what is there now. */
function locate(path: string): { readonly target: string; readonly existing: Stats | undefined } {
  const existing = statSync(path, { throwIfNoEntry: false });
  return {
    target: existing?.isFile() || existing?.isDirectory() ? realpathSync(path) : resolve(path),
    existing,
  };
}

/** A new hidden name in the same folder, on the same file system: a rename across file systems is not atomic. */
function besideName(target: string, suffix: string): string {
  return join(dirname(target), `${besideStart(target)}${randomBytes(6).toString("hex")}.${suffix}`);
}

/** What the names of `besideName` begin with; cut short, so that they stay within the usual 255 bytes. */
function besideStart(target: string): string {
  return `.${basename(target).slice(0, 40)}.`;
}

/** How they go on. */
const BESIDE = /^[0-9a-f]{12}\.(old\.)?tmp$/;

function removedOnFailure(temporary: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    try {
      rmSync(temporary, { recursive: true, force: true });
    } catch {
      // The first error says why; that cleaning up fails as well (a vanished disk) adds nothing.
    }
    throw error;
  }
}

function writeSynced(path: string, content: FileContent, mode: number | undefined): void {
  const whole = typeof content === "string" || content instanceof Uint8Array;
  const descriptor = openSync(path, "wx");
  try {
    for (const part of whole ? [content] : content) writeFileSync(descriptor, part);
    if (mode !== undefined) fchmodSync(descriptor, mode & 0o777);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Sync every file and folder below `folder`, and the folder itself last. */
function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    if (entry.isFile()) sync(path);
  }
  syncFolder(folder);
}

/** Make renames in `folder` survive a crash, where the system can do that for folders. */
function syncFolder(folder: string): void {
  try {
    sync(folder);
  } catch (error) {
    const unable = ["EACCES", "EBADF", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"];
    if (!unable.includes(systemErrorCode(error) ?? "")) throw error;
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
