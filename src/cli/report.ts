import type { Command } from "commander";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg report results/mehta-schwab
  rbm-rg report results/*/
`;

/** `rbm-rg report`: write tables and figures again from what run folders hold. */
export function addReportCommand(program: Command): void {
  const command = program
    .command("report")
    .description("(re)write tables and figures of finished or running runs")
    .argument("<runs...>", "run folders")
    .addHelpText("before", examples);
  addCommonOptions(command, false);
  command.action((runs: readonly string[], flags: CommonFlags) => runReport(runs, flags));
}

async function runReport(runs: readonly string[], flags: CommonFlags): Promise<void> {
  const { writeReport } = await import("../report/write-report.js");
  const { summaryText } = await import("./summary-text.js");
  const results = [];
  for (const run of runs) {
    const report = await writeReport(run);
    results.push({ run, ...Object.fromEntries(report.summary) });
    if (flags.json !== true && flags.quiet !== true) print(summaryText(run, report));
  }
  if (flags.json === true) printJson(results);
}
