import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LineWriter } from "../../src/cli/line-writer.js";
import { OutputError } from "../../src/errors/index.js";
import { temporaryFolder } from "../io/temporary.js";
import { root } from "./run.js";

const module = join(root, "dist", "cli", "line-writer.js");

/** A program that writes lines, `count` of them, each its number and 100 dots. */
const program = (path: string, count: number, label: string): string =>
  `import { LineWriter } from ${JSON.stringify(module)};
const writer = new LineWriter(${JSON.stringify(path)});
try {
  for (let line = 0; line < ${count}; line++) writer.write("${label} " + line + ".".repeat(100));
} catch (error) {
  process.stderr.write(error.message);
}
writer.discard();`;

function linesOf(path: string): readonly string[] {
  const text = readFileSync(path, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text.slice(0, -1).split("\n");
}

describe("a writer of lines", () => {
  it("appends, and ends a line first that something else left torn", async () => {
    const path = join(temporaryFolder(), "lines");
    for (const [before, after] of [
      ["", "one\ntwo µ\n"],
      ["whole\n", "whole\none\ntwo µ\n"],
      ["torn", "torn\none\ntwo µ\n"],
    ]) {
      writeFileSync(path, before);
      const writer = new LineWriter(path);
      writer.write("one");
      expect(readFileSync(path, "utf8")).toMatch(/one\n$/);
      writer.write("two µ");
      await writer.close();
      writer.discard();
      expect(readFileSync(path, "utf8")).toBe(after);
    }
  });

  it("refuses what cannot be written, in words", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder"));
    for (const path of [join(folder, "folder"), join(folder, "absent", "file")]) {
      expect(() => new LineWriter(path)).toThrow(OutputError);
    }
  });

  it("has several processes append to one file without mixing", async () => {
    const path = join(temporaryFolder(), "lines");
    const children = ["a", "b", "c"].map((label) =>
      spawn(process.execPath, ["--input-type=module", "-e", program(path, 400, label)], { stdio: "ignore" }),
    );
    await Promise.all(children.map((child) => once(child, "exit")));
    const lines = linesOf(path);
    expect(lines).toHaveLength(1200);
    for (const label of ["a", "b", "c"]) {
      const own = lines.filter((line) => line.startsWith(label));
      expect(own).toEqual(own.map((_, index) => `${label} ${index}${".".repeat(100)}`));
    }
  });

  it("takes back the beginning of a line that the file system did not take whole", () => {
    const folder = temporaryFolder();
    const path = join(folder, "lines");
    writeFileSync(join(folder, "writer.mjs"), program(path, 100, "x"));
    // 8 blocks of 512 bytes (or 1024, in other shells), which no number of lines fills exactly
    const limited = `trap '' XFSZ; ulimit -f 8; exec "${process.execPath}" "${join(folder, "writer.mjs")}"`;
    const { stderr } = spawnSync("sh", ["-c", limited], { encoding: "utf8" });
    expect(stderr).toMatch(/^cannot write .*lines: /);
    const lines = linesOf(path);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.length).toBeLessThan(100);
    expect(new Set(lines.map((line) => line.replace(/\d+/, "N")))).toEqual(
      new Set([`x N${".".repeat(100)}`]),
    );
  });

  it.skipIf(!existsSync("/dev/full"))("says that a disk is full", () => {
    const writer = new LineWriter("/dev/full");
    expect(() => {
      writer.write("one");
    }).toThrow(/disk .* is full/);
    writer.discard();
  });
});
