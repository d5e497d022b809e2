import type { Command } from "commander";
import { printCollected } from "./collected.js";
import { addCommonOptions, type CommonFlags } from "./options.js";

const examples = `Examples:
  rbm-rg collect results/* > all.csv
  for T in 2.0 2.2 2.4 2.6 2.8; do rbm-rg train -q -L 8 -T $T --hidden 32 -o results/T$T; done
  rbm-rg collect results/T*
`;

/** `rbm-rg collect`: the summaries of many runs as one tidy table. */
export function configureCollect(command: Command): void {
  command
    .argument("<runs...>", "run folders; folders without a summary are skipped with a remark")
    .addHelpText("before", examples);
  addCommonOptions(command, false);
  command.action((runs: readonly string[], flags: CommonFlags) => runCollect(runs, flags));
}

async function runCollect(runs: readonly string[], flags: CommonFlags): Promise<void> {
  const { collectSummaries } = await import("../report/collect.js");
  await printCollected(collectSummaries(runs), flags);
}
