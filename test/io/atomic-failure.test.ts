import * as fs from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { writeFileAtomic, writeFolderAtomic } from "../../src/io/index.js";
import { contentsOf, expectError, temporaryFolder } from "./temporary.js";

type Step =
  | "openSync"
  | "writeFileSync"
  | "fchmodSync"
  | "fsyncSync"
  | "closeSync"
  | "renameSync"
  | "mkdirSync"
  | "rmSync";

/** The call that fails: the n-th of this step from now on. */
let failure: { step: Step; call: number; code: string } | undefined;

vi.mock("node:fs", async (importOriginal) => {
  const actual = await importOriginal<typeof fs>();
  const steps: Step[] = [
    "openSync",
    "writeFileSync",
    "fchmodSync",
    "fsyncSync",
    "closeSync",
    "renameSync",
    "mkdirSync",
    "rmSync",
  ];
  const failing = steps.map((step) => {
    const call = actual[step] as (...values: unknown[]) => unknown;
    const replacement = (...values: unknown[]): unknown => {
      if (failure?.step !== step || --failure.call > 0) return call(...values);
      const { code } = failure;
      failure = undefined;
      if (step === "closeSync") call(...values);
      throw Object.assign(new Error(`${code}: simulated, ${step}`), { code, syscall: step });
    };
    return [step, replacement] as const;
  });
  return { ...actual, ...Object.fromEntries(failing) };
});

afterEach(() => {
  failure = undefined;
});

const fileSteps: readonly [Step, number, string, RegExp][] = [
  ["openSync", 1, "EROFS", /read-only/],
  ["openSync", 1, "EACCES", /no permission/],
  ["writeFileSync", 1, "ENOSPC", /disk .* is full/],
  ["writeFileSync", 1, "EDQUOT", /quota/],
  ["fchmodSync", 1, "EPERM", /no permission/],
  ["fsyncSync", 1, "EIO", /EIO: simulated/],
  ["closeSync", 1, "ENOSPC", /disk .* is full/],
  ["renameSync", 1, "EACCES", /no permission/],
];

describe("writeFileAtomic, when the disk fails", () => {
  it.each(fileSteps)(
    "at %s %d with %s keeps the old content and leaves nothing behind",
    (step, call, code, pattern) => {
      const folder = temporaryFolder();
      const path = join(folder, "manifest.json");
      fs.writeFileSync(path, "old");
      failure = { step, call, code };
      expectError(
        () => {
          writeFileAtomic(path, "new");
        },
        OutputError,
        path,
        pattern,
      );
      expect(failure).toBeUndefined();
      expect(contentsOf(folder)).toEqual(["manifest.json"]);
      expect(fs.readFileSync(path, "utf8")).toBe("old");
    },
  );

  it("reports a failed sync of the folder, but not that folders cannot be synced", () => {
    const folder = temporaryFolder();
    const path = join(folder, "manifest.json");
    failure = { step: "fsyncSync", call: 2, code: "EIO" };
    expectError(
      () => {
        writeFileAtomic(path, "1");
      },
      OutputError,
      /EIO/,
    );
    failure = { step: "fsyncSync", call: 2, code: "EINVAL" };
    writeFileAtomic(path, "2");
    expect(failure).toBeUndefined();
    expect(contentsOf(folder)).toEqual(["manifest.json"]);
    expect(fs.readFileSync(path, "utf8")).toBe("2");
  });
});

describe("writeFolderAtomic, when the disk fails", () => {
  const fill = (temporary: string): void => {
    fs.symlinkSync("nowhere", join(temporary, "link"));
    fs.cpSync(new URL(import.meta.url), join(temporary, "file"));
  };

  it.each<readonly [Step, number, string, RegExp, boolean]>([
    ["mkdirSync", 1, "ENOSPC", /disk .* is full/, false],
    ["openSync", 1, "EMFILE", /EMFILE/, false],
    ["fsyncSync", 1, "EIO", /EIO/, true],
    ["renameSync", 1, "EROFS", /read-only/, false],
    ["renameSync", 1, "EROFS", /read-only/, true],
    ["renameSync", 2, "EIO", /EIO/, true],
    ["fsyncSync", 3, "EIO", /EIO/, true],
  ])(
    "at %s %d with %s (%s, replace %s) keeps the old folder and leaves nothing behind",
    (step, call, code, pattern, replace) => {
      const folder = temporaryFolder();
      const path = join(folder, "run");
      fs.mkdirSync(path);
      if (replace) fs.writeFileSync(join(path, "old"), "");
      failure = { step, call, code };
      expectError(
        () => {
          writeFolderAtomic(path, fill, { replace });
        },
        OutputError,
        path,
        pattern,
      );
      expect(failure).toBeUndefined();
      expect([contentsOf(folder), contentsOf(path)]).toEqual([["run"], replace ? ["old"] : []]);
    },
  );

  it("says where the old content is if it cannot be deleted", () => {
    const folder = temporaryFolder();
    const path = join(folder, "run");
    fs.mkdirSync(path);
    failure = { step: "rmSync", call: 1, code: "EIO" };
    expectError(
      () => {
        writeFolderAtomic(path, fill, { replace: true });
      },
      OutputError,
      /has been replaced, .*\.old\.tmp by hand/,
    );
    expect(contentsOf(path)).toEqual(["file", "link"]);
    expect(contentsOf(folder)).toEqual([expect.stringMatching(/^\.run\..*\.old\.tmp$/), "run"]);
  });
});
