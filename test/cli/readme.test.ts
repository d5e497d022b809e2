import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { bin, inFolder, root } from "./run.js";

const readme = readFileSync(join(root, "README.md"), "utf8");

/** The code blocks of one language, in order. */
function blocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, text]) => text,
  );
}

/** The two commands of a new user; their parts are tested in mehta-schwab.test.ts and by running the tests at all. */
const started = ["npm ci && npx rbm-rg reproduce mehta-schwab\n", "npm test\n"];

describe("README", () => {
  it("starts with the two commands", () => {
    expect(blocks("sh").slice(0, 2)).toEqual(started);
  });

  it("has commands, Python and library snippets that all work, in order, in one folder", () => {
    inFolder((folder) => {
      const shim = join(folder, "rbm-rg");
      writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
      chmodSync(shim, 0o755);
      cpSync(join(root, "configs"), join(folder, "configs"), { recursive: true });
      const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
      const script = `set -eu\n${blocks("sh").slice(2).join("\n")}`;
      const shell = spawnSync("sh", ["-c", script], { cwd: folder, env, encoding: "utf8" });
      expect(shell.stderr).not.toContain("error");
      expect(shell.status).toBe(0);
      const table = readFileSync(join(folder, "results", "temperatures.csv"), "utf8")
        .trimEnd()
        .split("\n");
      expect(table).toHaveLength(6);
      expect(table[0]).toMatch(/^run,status,name,seed,data,lattice,temperature,/);
      if (hasNumpy()) {
        const python = spawnSync(
          "python3",
          ["-c", `${blocks("python").join("\n")}\nprint(W.shape, v.shape, h.shape)`],
          {
            cwd: folder,
            encoding: "utf8",
          },
        );
        expect(python.stdout.trim()).toBe("(256, 64) (2000, 16, 16) (2000, 64)");
      }
    });
  });

  it("has a library snippet that prints the exact energy", () => {
    const snippet = blocks("js")
      .join("\n")
      .replace('"rbm-rg"', JSON.stringify(join(root, "dist", "index.js")));
    const node = spawnSync(process.execPath, ["--input-type=module", "-e", snippet], { encoding: "utf8" });
    expect(Number(node.stdout)).toBeCloseTo(-1.42977131230734, 12);
  });
});

function hasNumpy(): boolean {
  const found = spawnSync("python3", ["-c", "import numpy"]).status === 0;
  if (!found && process.env["RBM_RG_REQUIRE_NUMPY"] !== undefined)
    throw new Error("NumPy is required and missing");
  return found;
}
