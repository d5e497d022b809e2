import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./run.js";

const source = join(root, "src");

/** Everything that importing a source file loads at once: paths below src/, and packages. */
function staticImports(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (path: string): void => {
    const name = relative(source, path);
    if (found.has(name)) return;
    found.add(name);
    for (const specifier of specifiers(readFileSync(path, "utf8"))) {
      if (specifier.startsWith(".")) visit(join(dirname(path), specifier.replace(/\.js$/, ".ts")));
      else if (!specifier.startsWith("node:")) found.add(specifier);
    }
  };
  visit(join(source, entry));
  return found;
}

/** What a file imports or exports from, types and import() expressions left out. */
function specifiers(text: string): readonly string[] {
  const statements = text.matchAll(/^(?:import|export)\s+(?!type\s)(?:[^;"]*?\sfrom\s+)?"([^"]+)";/gm);
  return Array.from(statements, ([, specifier]) => specifier);
}

/** The command line, errors, writing to stdout, clocks, the text of numbers, and files that hold but a few names and numbers. */
const allowed =
  /^(cli|errors)\/|^io\/(stdout|output-failure|system-error|this-process)\.ts$|^statistics\/(number-text|decimal-places)\.ts$|^analysis\/\w+\/defaults\.ts$/;

describe("start-up", () => {
  it("sees static imports, and neither types nor import() expressions", () => {
    const text = 'import type { A } from "a";\nimport { b } from "b";\nimport "c";\nexport * from "d";\n';
    expect(specifiers(`${text}import {\n  e,\n  type f,\n} from "e";\nawait import("g");\n`)).toEqual([
      "b",
      "c",
      "d",
      "e",
    ]);
    expect(staticImports("cli/environment.ts")).toContain("kernels/wasm/index.ts");
  });

  it("rbm-rg --version loads nothing but the version", () => {
    expect([...staticImports("cli/main.ts")].sort()).toEqual(["cli/main.ts", "runs/version.ts"]);
  });

  it("rbm-rg --help loads commander and the list of commands", () => {
    const loaded = staticImports("cli/program.ts");
    expect([...loaded].sort()).toEqual(["cli/commands.ts", "cli/program.ts", "commander"]);
  });

  it("the help of a command loads the command line, errors and commander: no kernels and no other package", () => {
    const files = [
      ...readFileSync(join(source, "cli", "commands.ts"), "utf8").matchAll(/import\("(.*)\.js"\)/g),
    ];
    expect(files.length).toBeGreaterThanOrEqual(8);
    for (const [, file] of files) {
      const others = [...staticImports(join("cli", `${file}.ts`))].filter(
        (path) => !allowed.test(path) && path !== "commander",
      );
      expect(others, file).toEqual([]);
    }
  });
});
