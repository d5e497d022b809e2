import type { Command } from "commander";
import type { Verification } from "../runs/verify.js";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg verify results/mehta-schwab
  rbm-rg verify results/* --quiet && echo all intact
`;

/** `rbm-rg verify`: whether files are still those that were written. */
export function configureVerify(command: Command): void {
  command.argument("<paths...>", "run or dataset folders").addHelpText("before", examples);
  addCommonOptions(command, false);
  command.action((paths: readonly string[], flags: CommonFlags) => runVerify(paths, flags));
}

async function runVerify(paths: readonly string[], flags: CommonFlags): Promise<void> {
  const { isIntact, verifyFolder } = await import("../runs/verify.js");
  const { DataError } = await import("../errors/index.js");
  const results = paths.map(verifyFolder);
  if (flags.json === true) {
    printJson(results.map((result) => ({ ...result, intact: isIntact(result) })));
  } else if (flags.quiet !== true) {
    for (const result of results) print(describe(result, isIntact(result)));
  }
  const broken = results.filter((result) => !isIntact(result)).map(({ path }) => path);
  if (broken.length === 0) return;
  throw new DataError(
    `${broken.join(", ")}: not as written. Run the same command again with --force to make the files anew.`,
  );
}

function describe(
  { path, kind, finished, files, input, configurations }: Verification,
  intact: boolean,
): string {
  const count = files.filter(({ state }) => state === "ok").length;
  const odd = [
    ...files,
    ...(input === null ? [] : [{ ...input, file: `its data ${input.file}` }]),
    ...configurations.map(({ file, state }) => ({ state, file: `${file}, of which it keeps what it needs` })),
  ]
    .filter(({ state }) => state !== "ok")
    .map(({ file, state }) => `  ${state.padEnd(7)}  ${file}`);
  const remark = finished ? "" : ", not finished";
  return [
    `${path}: ${kind}${remark}, ${count} files ${intact ? "intact" : "intact, others not"}`,
    ...odd,
  ].join("\n");
}
