import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OutputError } from "../../src/errors/index.js";
import { removeAbandoned, writeFileAtomic, writeFolderAtomic } from "../../src/io/index.js";
import { contentsOf, expectError, temporaryFolder } from "./temporary.js";

describe("writeFileAtomic", () => {
  it("writes text and bytes, and replaces what was there, keeping its mode", () => {
    const folder = temporaryFolder();
    const path = join(folder, "table.csv");
    writeFileAtomic(path, "T,m\n");
    expect(readFileSync(path, "utf8")).toBe("T,m\n");
    chmodSync(path, 0o750);
    writeFileAtomic(path, Uint8Array.of(0, 255));
    expect([...readFileSync(path)]).toEqual([0, 255]);
    expect(statSync(path).mode & 0o777).toBe(0o750);
    expect(contentsOf(folder)).toEqual(["table.csv"]);
  });

  it("writes parts as they are made, and leaves what was there if making one fails", () => {
    const folder = temporaryFolder();
    const path = join(folder, "parts");
    const parts = function* (fail: boolean): Generator<string | Uint8Array> {
      yield "é,";
      yield Uint8Array.of(10, 255);
      if (fail) throw new RangeError("no more");
    };
    writeFileAtomic(path, parts(false));
    expect([...readFileSync(path)]).toEqual([0xc3, 0xa9, 44, 10, 255]);
    expect(() => {
      writeFileAtomic(path, parts(true));
    }).toThrow("no more");
    expect(readFileSync(path)).toHaveLength(5);
    expect(contentsOf(folder)).toEqual(["parts"]);
  });

  it("gives a new file the mode any new file gets", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "plain"), "");
    writeFileAtomic(join(folder, "atomic"), "");
    expect(statSync(join(folder, "atomic")).mode).toBe(statSync(join(folder, "plain")).mode);
  });

  it("writes names of 255 bytes", () => {
    const folder = temporaryFolder();
    const name = "é".repeat(127);
    writeFileAtomic(join(folder, name), "x");
    expect(contentsOf(folder)).toEqual([name]);
  });

  it("follows a symbolic link", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "scratch"));
    writeFileSync(join(folder, "scratch", "real"), "old");
    symlinkSync(join("scratch", "real"), join(folder, "link"));
    writeFileAtomic(join(folder, "link"), "new");
    expect(readFileSync(join(folder, "scratch", "real"), "utf8")).toBe("new");
    expect(lstatSync(join(folder, "link")).isSymbolicLink()).toBe(true);
    expect(contentsOf(join(folder, "scratch"))).toEqual(["real"]);
  });

  it("refuses impossible places and says why", () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "kept");
    expectError(
      () => {
        writeFileAtomic(folder, "x");
      },
      OutputError,
      folder,
      /is a folder/,
    );
    expectError(
      () => {
        writeFileAtomic(join(file, "below"), "x");
      },
      OutputError,
      /is a file, not a folder/,
    );
    expectError(
      () => {
        writeFileAtomic(join(folder, "no", "file"), "x");
      },
      OutputError,
      `${join(folder, "no")} does not exist`,
    );
    expectError(
      () => {
        writeFileAtomic(join(folder, "n".repeat(300)), "x");
      },
      OutputError,
      /too long/,
    );
    expectError(
      () => {
        writeFileAtomic(join(folder, "nul\0"), "x");
      },
      OutputError,
      /null bytes/,
    );
    expectError(
      () => {
        writeFileAtomic("/dev/null", "x");
      },
      OutputError,
      /device/,
    );
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(contentsOf(folder)).toEqual(["file"]);
    expect(readFileSync(file, "utf8")).toBe("kept");
  });

  it.skipIf(!existsSync("/proc/self"))("refuses the kernel's file systems", () => {
    expectError(
      () => {
        writeFileAtomic("/proc/rbm-rg.csv", "x");
      },
      OutputError,
      /\/proc does not exist, or its file system cannot hold it/,
    );
  });
});

describe("writeFolderAtomic", () => {
  const fill =
    (content: string) =>
    (temporary: string): void => {
      mkdirSync(join(temporary, "sub"));
      writeFileSync(join(temporary, "sub", "file"), content);
    };
  const content = (path: string): string => readFileSync(join(path, "sub", "file"), "utf8");

  it("makes a new folder and fills an empty one", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "empty"));
    for (const name of ["new", "empty"]) {
      writeFolderAtomic(`${join(folder, name)}/`, (temporary) => {
        expect(temporary).toMatch(/\/\.[^/]*\.tmp$/);
        expect(join(temporary, "..")).toBe(folder);
        fill("1")(temporary);
      });
      expect(content(join(folder, name))).toBe("1");
    }
    expect(contentsOf(folder)).toEqual(["empty", "new"]);
  });

  it("keeps a folder with content unless told to replace it", () => {
    const folder = temporaryFolder();
    const path = join(folder, "run");
    writeFolderAtomic(path, fill("old"));
    writeFileSync(join(path, "extra"), "");
    let called = false;
    const note = (): void => {
      called = true;
    };
    expectError(
      () => {
        writeFolderAtomic(path, note);
      },
      OutputError,
      path,
      /not empty/,
    );
    expect([called, content(path)]).toEqual([false, "old"]);
    writeFolderAtomic(path, fill("new"), { replace: true });
    expect(content(path)).toBe("new");
    expect([contentsOf(folder), contentsOf(path)]).toEqual([["run"], ["sub"]]);
  });

  it("replaces what a symbolic link points to", () => {
    const folder = temporaryFolder();
    writeFolderAtomic(join(folder, "real"), fill("old"));
    symlinkSync("real", join(folder, "link"));
    writeFolderAtomic(join(folder, "link"), fill("new"), { replace: true });
    expect(content(join(folder, "real"))).toBe("new");
    expect(contentsOf(folder)).toEqual(["link", "real"]);
  });

  it.each([{ replace: false }, { replace: true }])(
    "leaves everything as it was when filling fails (%o)",
    (options) => {
      const folder = temporaryFolder();
      const path = join(folder, "run");
      if (options.replace) writeFolderAtomic(path, fill("old"));
      const before = contentsOf(folder);
      const failure = new RangeError("from fill");
      const action = (): void => {
        writeFolderAtomic(
          path,
          (temporary) => {
            fill("half")(temporary);
            throw failure;
          },
          options,
        );
      };
      expect(action).toThrow(failure);
      expect(contentsOf(folder)).toEqual(before);
      if (options.replace) expect(content(path)).toBe("old");
    },
  );

  it("does not touch a folder that was filled while the new one was being made", () => {
    const folder = temporaryFolder();
    const path = join(folder, "run");
    mkdirSync(path);
    const action = (): void => {
      writeFolderAtomic(path, () => {
        writeFileSync(join(path, "rival"), "");
      });
    };
    expectError(action, OutputError, /not empty/);
    expect([contentsOf(folder), contentsOf(path)]).toEqual([["run"], ["rival"]]);
  });

  it("refuses impossible places and says why", () => {
    const folder = temporaryFolder();
    const file = join(folder, "file");
    writeFileSync(file, "");
    const unused = (): void => {
      expect.unreachable();
    };
    for (const replace of [false, true]) {
      expectError(
        () => {
          writeFolderAtomic(file, unused, { replace });
        },
        OutputError,
        /a file of this name exists/,
      );
      expectError(
        () => {
          writeFolderAtomic(join(file, "run"), unused, { replace });
        },
        OutputError,
        /is a file, not a folder/,
      );
      expectError(
        () => {
          writeFolderAtomic(join(folder, "no", "run"), unused, { replace });
        },
        OutputError,
        /does not exist/,
      );
    }
    expect(contentsOf(folder)).toEqual(["file"]);
  });
});

describe("writeFolderAtomic, where the file system refuses within", () => {
  it("names the folder that was to be written, not the temporary one", () => {
    const folder = temporaryFolder();
    const path = join(folder, "data");
    for (const fill of [
      (temporary: string): void => {
        writeFileAtomic(join(temporary, "missing", "file"), "");
      },
      (temporary: string): void => {
        mkdirSync(join(temporary, "missing", "folder"));
      },
    ]) {
      expectError(
        () => {
          writeFolderAtomic(path, fill);
        },
        OutputError,
        new RegExp(`^cannot write ${path}: ${folder} does not exist, or its file system cannot hold it`),
      );
      expect(contentsOf(folder)).toEqual([]);
    }
  });
});

describe("removeAbandoned", () => {
  it("removes what killed processes left of a file or folder, and nothing else", () => {
    const folder = temporaryFolder();
    const others = [
      ".data.0123456789ab.tmp.txt",
      ".data.csv.0123456789ab.tmp",
      ".database.0123456789ab.tmp",
      "data",
    ];
    for (const name of [...others, ".data.0123456789ab.tmp"]) writeFileSync(join(folder, name), "");
    mkdirSync(join(folder, ".data.ba9876543210.old.tmp", "inside"), { recursive: true });
    removeAbandoned(join(folder, "data"));
    expect(contentsOf(folder)).toEqual(others.sort());
    expectError(
      () => {
        removeAbandoned(join(folder, "missing", "data"));
      },
      OutputError,
      /missing does not exist/,
    );
  });
});
