import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandTree } from "../../src/cli/command-tree.js";
import { commands } from "../../src/cli/commands.js";
import { manPage } from "../../src/cli/man-page.js";
import { bin, inFolder, rbmRg } from "./run.js";

/** Ask bash what it completes a line to: the function it has registered, called as bash calls it. */
const ASK = `
eval "$(rbm-rg completion bash)"
complete -p rbm-rg | grep -q -- '-o default' || exit 9
while IFS= read -r line; do
  COMP_WORDS=($line)
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  COMPREPLY=()
  _rbm_rg
  echo "\${COMPREPLY[*]}"
done
`;

/** The completions of each line, as bash would offer them. */
function completions(lines: readonly string[]): readonly (readonly string[])[] {
  return inFolder((folder) => {
    const shim = join(folder, "rbm-rg");
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
    chmodSync(shim, 0o755);
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` };
    const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", ASK], {
      cwd: folder,
      env,
      encoding: "utf8",
      input: `${lines.join("\n")}\n`,
    });
    expect([status, stderr]).toEqual([0, ""]);
    return stdout
      .split("\n")
      .slice(0, lines.length)
      .map((line) => line.split(" ").filter((word) => word !== ""));
  });
}

describe("completion in bash", () => {
  it("knows commands, subcommands, flags, the names that flags take, studies and shells", () => {
    const cases: readonly (readonly [line: string, expected: readonly string[]])[] = [
      ["rbm-rg tr", ["train"]],
      ["rbm-rg ex", ["exact", "export"]],
      ["rbm-rg train --obj", ["--objective"]],
      ["rbm-rg train --objective ", ["kl", "free-energy", "trace", "hybrid"]],
      ["rbm-rg train --units b", ["binary"]],
      ["rbm-rg train --kernels w", ["wasm"]],
      ["rbm-rg train -L 4 --estimator e", ["exact"]],
      ["rbm-rg train --data ", []],
      ["rbm-rg train -o report --ep", ["--epochs"]],
      ["rbm-rg sweep sl", ["slurm"]],
      ["rbm-rg sweep slurm --part", ["--partition"]],
      ["rbm-rg sweep run x.yaml --keep", ["--keep-going"]],
      ["rbm-rg config d", ["diff"]],
      ["rbm-rg reproduce meh", ["mehta-schwab"]],
      ["rbm-rg completion f", ["fish"]],
      ["rbm-rg import --orientation h", ["hidden-visible"]],
      ["rbm-rg report ", []],
      ["rbm-rg mcrg --rule rbm-", ["rbm-kl", "rbm-trace", "rbm-reverse-kl"]],
      ["rbm-rg train --set train.l", ["train.l1=", "train.l1_form=", "train.l2=", "train.learning_rate="]],
      ["rbm-rg train --set sample.coup", ["sample.coupling="]],
    ];
    const found = completions(cases.map(([line]) => line));
    cases.forEach(([line, expected], index) => {
      expect([line, [...found[index]].sort()]).toEqual([line, [...expected].sort()]);
    });
  });

  it("offers every command", () => {
    const [all] = completions(["rbm-rg "]);
    expect([...all].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  it("completes in a real interactive bash: paths where no name is expected, names where one is", () => {
    inFolder((folder) => {
      const shim = join(folder, "rbm-rg");
      writeFileSync(
        shim,
        `#!/bin/sh\n[ "$1" = completion ] && exec "${process.execPath}" "${bin}" "$@"\necho "called: $*"\n`,
      );
      chmodSync(shim, 0o755);
      mkdirSync(join(folder, "my-run"));
      const env = {
        PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
        HOME: folder,
        TERM: "dumb",
        PS1: "$ ",
      };
      const typed = ["rbm-rg evalu\t my-r\t", "rbm-rg train --units bin\t --data my\t"];
      const input = `eval "$(rbm-rg completion bash)"\n${typed.join("\n")}\nexit\n`;
      const { stdout } = spawnSync("bash", ["--norc", "-i"], { cwd: folder, env, encoding: "utf8", input });
      expect(stdout).toContain("called: evaluate my-run/");
      expect(stdout).toContain("called: train --units binary --data my-run/");
    });
  });
});

describe("completion in other shells", () => {
  it("has every command and flag, and is refused for shells it does not know", async () => {
    const tree = await commandTree();
    const flags = tree.subcommands.flatMap((node) =>
      node.flags.flatMap(({ long }) => (long === null ? [] : [long])),
    );
    for (const [shell, form] of [
      ["zsh", (flag: string) => `'${flag}:`],
      ["fish", (flag: string) => ` -l ${flag.slice(2)} `],
    ] as const) {
      const { status, stdout } = rbmRg(".", "completion", shell);
      expect(status).toBe(0);
      for (const { name } of commands) expect(stdout).toContain(`'${name}`);
      for (const flag of flags)
        expect([shell, flag, stdout.includes(form(flag))]).toEqual([shell, flag, true]);
      const syntax = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
      if (syntax.error === undefined) expect([syntax.status, syntax.stderr]).toEqual([0, ""]);
    }
    const unknown = rbmRg(".", "completion", "csh");
    expect([unknown.status, unknown.stderr]).toEqual([64, expect.stringMatching(/known: bash, zsh, fish/)]);
  });
});

describe("the manual page", () => {
  it("has every command with its flags and examples, and roff has nothing to say against it", async (context) => {
    const page = manPage(await commandTree(), "1.2.3");
    for (const { name } of commands) expect(page).toContain(`.SS rbm\\-rg ${name.replaceAll("-", "\\-")}`);
    expect(page).toContain("\\fB\\-\\-objective <name>\\fR");
    expect(page).toContain("rbm\\-rg train \\-L 4 \\-T 2.269185");
    expect(
      page
        .split("\n")
        .filter((line) => /^[.']/.test(line) && !/^\.(TH|SH|SS|TP|PP|B|I|RI|nf|fi)\b/.test(line)),
    ).toEqual([]);
    const man = spawnSync("man", ["--warnings", "-l", "-"], {
      input: page,
      encoding: "utf8",
      env: { ...process.env, MANWIDTH: "100", LC_ALL: "C.UTF-8" },
    });
    if (man.error !== undefined) context.skip("all but the formatted page: there is no man here");
    expect([man.status, man.stderr]).toEqual([0, ""]);
    expect(man.stdout).toContain("rbm-rg train");
  });
});
