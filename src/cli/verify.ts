import type { Command } from "commander";
import type { Verification } from "../runs/verify.js";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg verify results/mehta-schwab
  rbm-rg verify results/temperature-sweep          a sweep or study: all its runs, too
  rbm-rg verify results/* --quiet && echo all intact
`;

/** `rbm-rg verify`: whether files are still those that were written. */
export function configureVerify(command: Command): void {
  command
    .argument("<paths...>", "folders of runs, datasets, sweeps, studies or analyses")
    .addHelpText("before", examples);
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
    for (const result of results) print(describe(result, isIntact));
  }
  const broken = results.filter((result) => !isIntact(result));
  if (broken.length > 0) throw new DataError(broken.map(advice).join("\n"));
}

/** What to do about a folder that is not as written. */
function advice({ path, files, inputs, runs }: Verification): string {
  if (files.some(({ state }) => state === "damaged")) {
    return `${path} has a damaged checkpoint. Give its command again: it goes on from the newest whole one, or begins again.`;
  }
  if (inputs.some(({ state }) => state !== "ok")) {
    return `${path}: the data it was made from are not those it was made from. Put them back; --force makes it anew, from what is there now.`;
  }
  const what = runs.length > 0 ? "not all of it is as written" : "not as written";
  return `${path}: ${what}. Run the same command again with --force to make the files anew.`;
}

/** A line for the folder, one for every file that is not as written, and the same of every run that is not. */
function describe(result: Verification, isIntact: (result: Verification) => boolean): string {
  const { path, kind, status, files, inputs, configurations, runs } = result;
  const count = files.filter(({ state }) => state === "ok").length;
  const odd = [
    ...files,
    ...inputs.map(({ file, state }) => ({ state, file: `its data ${file}` })),
    ...configurations.map(({ file, state }) => ({ state, file: `${file}, of which it keeps what it needs` })),
  ]
    .filter(({ state }) => state !== "ok")
    .map(({ file, state }) => `  ${state.padEnd(7)}  ${file}`);
  const parts = [
    `${path}: ${kind}`,
    ...(status === "finished" ? [] : [status]),
    ...(kind === "sweep" ? [] : [`${count} ${status === "finished" ? "files" : "checkpoints"}`]),
    ...(runs.length === 0 ? [] : [`${runs.length} runs`]),
  ];
  const broken = runs.filter((run) => !isIntact(run));
  const lines = [`${parts.join(", ")} ${isIntact(result) ? "intact" : "intact, others not"}`, ...odd];
  return [...lines, ...broken.map((run) => describe(run, isIntact))].join("\n");
}
