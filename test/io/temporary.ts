import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";

/** A fresh folder, deleted when the running test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-io-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * A function that saves bytes and returns the path. Every call makes another file: some disks take milliseconds to cut
 * off an old one, which thousands of cases would wait for.
 */
export function filesOf(extension: string): (bytes: string | Uint8Array) => string {
  const folder = temporaryFolder();
  let count = 0;
  return (bytes) => {
    const path = join(folder, `${++count}.${extension}`);
    writeFileSync(path, bytes);
    return path;
  };
}

/** Everything in a folder, hidden names included. */
export function contentsOf(folder: string): readonly string[] {
  return readdirSync(folder).sort();
}

/** Expect `action` to throw an error of this class whose message matches every pattern. */
export function expectError(
  action: () => unknown,
  errorClass: abstract new (...values: never[]) => Error,
  ...patterns: readonly (RegExp | string)[]
): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(errorClass);
  for (const pattern of patterns) expect((thrown as Error).message).toMatch(pattern);
}
