/* eslint-disable no-control-regex -- escape sequences begin with a control character */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { terminalStyle } from "../../src/cli/terminal.js";
import { bin, type CliResult, rbmRg } from "./run.js";

const ESCAPE = "\u001b[";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  const train = (...args: readonly string[]): void => {
    const { status, stderr } = rbmRg(folder, "train", "-q", "--epochs", "3", "--threads", "1", ...args);
    expect(`${status}${stderr}`).toBe("0");
  };
  train("-L", "6", "-K", "0.4", "-n", "200", "--hidden", "9,2", "-o", "run");
  const rows = Array.from({ length: 60 }, (_, k) =>
    [k % 2, k % 3 > 0 ? 1 : 0, k % 7 > 0 ? 1 : 0, k % 5 > 2 ? 1 : 0].join(","),
  );
  writeFileSync(join(folder, "own.csv"), `${rows.join("\n")}\n`);
  train("--data", "own.csv", "--hidden", "2", "-o", "own");
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Preview with nothing in the environment but what a test says. */
function preview(env: Readonly<Record<string, string>>, ...args: readonly string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "report", "--terminal", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...env },
  });
  return { status, stdout, stderr };
}

/** Every file of a run with its bytes. */
function contents(run: string): readonly (readonly [string, string])[] {
  return readdirSync(join(folder, run), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, readFileSync(path, "latin1")]);
}

describe("rbm-rg report --terminal", () => {
  it("shows losses and fields, and writes nothing", () => {
    const before = contents("run");
    const { status, stdout, stderr } = preview({ LANG: "en_US.UTF-8" }, "run");
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^run: finished\nlayer 1, 9 hidden units, epoch 3 of 3\n/);
    expect(stdout).toMatch(/^ {2}KL per spin \(nats\) {4}\S+ → \S+ in \S+ … \S+ +[▁▂▃▄▅▆▇█]{3}$/m);
    expect(stdout.match(/^ {2}reconstruction error /gm)).toHaveLength(2);
    // Twelve columns a field and one pixel between two: five across, and three rows of them, hold all nine.
    expect(stdout).toMatch(/receptive fields of layer 1, units 0 to 8:\n/);
    expect(stdout).not.toMatch(/more\n/);
    expect(stdout).not.toContain(ESCAPE);
    expect(contents("run")).toEqual(before);
  });

  it("shows the layer asked for, and several runs one after the other", () => {
    const upper = preview({}, "run", "--layer", "2", "-q");
    expect(upper.stdout).toMatch(/receptive fields of layer 2, units 0 to 1:\n/);
    const both = preview({}, "run", "own");
    expect(both.stdout).toMatch(/\n\nown: finished\nlayer 1, 2 hidden units, epoch 3 of 3\n/);
  });

  it("says so of data without a lattice", () => {
    const { status, stdout } = preview({}, "own");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /reconstruction error .* [_.\-=+*%#]{3}\ndata without a lattice: receptive fields/,
    );
  });

  it("keeps to the terminal: COLUMNS, NO_COLOR, the locale and --color", () => {
    for (const columns of [20, 80, 200]) {
      const { stdout } = preview({ COLUMNS: String(columns), LC_ALL: "C.UTF-8", LANG: "C" }, "run");
      const lines = stdout.split("\n").map((line) => line.length);
      expect(Math.max(...lines)).toBeLessThanOrEqual(columns);
      expect(Math.max(...lines)).toBeGreaterThan(columns / 4);
    }
    expect(preview({ LANG: "C.UTF-8", NO_COLOR: "1", COLORTERM: "truecolor" }, "run").stdout).not.toContain(
      ESCAPE,
    );
    for (const env of [{ LANG: "C" }, { LC_ALL: "POSIX", LANG: "C.UTF-8" }]) {
      expect(preview(env, "run", "own").stdout).toMatch(/^[\u0000-\u007f]+$/);
    }
    const forced = preview({ LANG: "C.UTF-8", NO_COLOR: "1", TERM: "dumb" }, "run", "--color", "always");
    expect(forced.stdout).toMatch(/\u001b\[38;5;\d+m\u001b\[48;5;\d+m▀/);
    expect(forced.stderr).toBe("");
    const all = preview({ LANG: "C.UTF-8", COLORTERM: "truecolor" }, "run", "--color", "always");
    expect(all.stdout).toMatch(/\u001b\[38;2;\d+;\d+;\d+m/);
  });

  it("shows what there is of an unfinished run", () => {
    const half = join(folder, "half");
    cpSync(join(folder, "run"), half, { recursive: true });
    const path = join(half, "manifest.json");
    const manifest = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...manifest, status: "running", files: {} }));
    for (const name of readdirSync(half)) {
      if (/^(weights|visible-bias|hidden-bias)-/.test(name)) rmSync(join(half, name));
    }
    const { status, stdout } = preview({}, "half");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^half: running\nlayer 1, 9 hidden units, epoch 3 of 3\n/);
    expect(stdout).toMatch(/\nlayer 1 is not trained yet: no receptive fields\n$/);
    rmSync(join(half, "metrics.csv"));
    expect(preview({}, "half").stdout).toMatch(
      /layer 1, 9 hidden units, no epoch finished\nlayer 2, 2 hidden units, no epoch finished\nlayer 1 is not/,
    );
  });

  it("refuses what does not fit", () => {
    const refused = (code: number, message: RegExp, ...args: readonly string[]): void => {
      const { status, stdout, stderr } = rbmRg(folder, "report", ...args);
      expect([status, stdout]).toEqual([code, ""]);
      expect(stderr).toMatch(message);
    };
    refused(66, /nowhere is not a folder/, "--terminal", "nowhere");
    refused(64, /--layer 9: run has 2 layer\(s\)/, "--terminal", "run", "--layer", "9");
    refused(64, /--layer 0: expected a whole number ≥ 1/, "--terminal", "run", "--layer", "0");
    refused(64, /--color blue: expected one of auto, always, never/, "--terminal", "run", "--color", "blue");
    refused(64, /--terminal draws for people/, "--terminal", "run", "--json");
    refused(64, /--layer goes with --terminal/, "run", "--layer", "1");
    refused(64, /--color goes with --terminal/, "run", "--color", "never");
  });
});

describe("the style of a terminal", () => {
  const tty = { isTTY: true, columns: 132 };

  it("is what the terminal and the environment say", () => {
    const env = { TERM: "xterm-256color", LANG: "en_US.utf8" };
    expect(terminalStyle("auto", env, tty)).toEqual({ columns: 132, colors: "256", unicode: true });
    expect(terminalStyle("auto", { ...env, COLORTERM: "truecolor" }, tty).colors).toBe("24-bit");
    expect(terminalStyle("auto", { ...env, TERM: "dumb" }, tty).colors).toBe("none");
    expect(terminalStyle("auto", { ...env, TERM: "linux" }, tty).colors).toBe("none");
    expect(terminalStyle("auto", { ...env, NO_COLOR: "1" }, tty).colors).toBe("none");
    // An empty NO_COLOR does not count.
    expect(terminalStyle("auto", { ...env, NO_COLOR: "" }, tty).colors).toBe("256");
    expect(terminalStyle("never", { ...env, COLORTERM: "truecolor" }, tty).colors).toBe("none");
    for (const LANG of ["", "C", "de_DE.ISO-8859-1"])
      expect(terminalStyle("auto", { LANG }, tty).unicode).toBe(false);
    expect(terminalStyle("auto", { LC_CTYPE: "C", LANG: "en_US.UTF-8" }, tty).unicode).toBe(false);
    expect(terminalStyle("auto", env, {})).toEqual({ columns: 80, colors: "none", unicode: true });
  });

  it("has at least twenty columns, and takes COLUMNS where that is a number", () => {
    expect(terminalStyle("auto", { COLUMNS: "5" }, tty).columns).toBe(20);
    expect(terminalStyle("auto", { COLUMNS: "100" }, {}).columns).toBe(100);
    for (const COLUMNS of ["", "0", "wide", "-3"]) {
      expect(terminalStyle("auto", { COLUMNS }, tty).columns).toBe(132);
    }
    expect(terminalStyle("auto", {}, { isTTY: true, columns: 0 }).columns).toBe(80);
  });
});
