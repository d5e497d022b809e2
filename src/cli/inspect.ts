import type { Command } from "commander";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg inspect results/mehta-schwab
  rbm-rg inspect results/mehta-schwab/metrics.csv
`;

/** `rbm-rg inspect`: say what a folder or file is. */
export function configureInspect(command: Command): void {
  command.argument("<path>", "dataset folder, run folder or file").addHelpText("before", examples);
  addCommonOptions(command, false);
  command.action((path: string, flags: CommonFlags) => runInspect(path, flags));
}

async function runInspect(path: string, flags: CommonFlags): Promise<void> {
  const { inspectPath } = await import("../runs/inspect.js");
  const { kind, facts, meaning } = inspectPath(path);
  if (flags.json === true) {
    printJson({ path, kind, meaning, ...Object.fromEntries(facts) });
    return;
  }
  const width = Math.max(...facts.map(([name]) => name.length));
  print(
    [`${path}: ${kind}`, meaning, ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join(
      "\n",
    ),
  );
}
