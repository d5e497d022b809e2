import type { Command } from "commander";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg inspect results/mehta-schwab
  rbm-rg inspect results/mehta-schwab/metrics.csv         its columns, too
  rbm-rg inspect events.jsonl
`;

/** `rbm-rg inspect`: say what a folder or file is. */
export function configureInspect(command: Command): void {
  command
    .argument("<path>", "dataset, run or sweep folder, or any file in one")
    .addHelpText("before", examples);
  addCommonOptions(command, false);
  command.action((path: string, flags: CommonFlags) => runInspect(path, flags));
}

async function runInspect(path: string, flags: CommonFlags): Promise<void> {
  const { inspectPath } = await import("../runs/inspect.js");
  const { kind, facts, meaning, columns } = inspectPath(path);
  if (flags.json === true) {
    const meanings = columns === undefined ? {} : { column_meanings: Object.fromEntries(columns) };
    printJson({ path, kind, meaning, ...Object.fromEntries(facts), ...meanings });
    return;
  }
  const lines = [...aligned(facts), ...(columns === undefined ? [] : aligned(columns))];
  print([`${path}: ${kind}`, meaning, ...lines].join("\n"));
}

function aligned(facts: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}
