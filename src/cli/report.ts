import type { Command } from "commander";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

type ReportFlags = CommonFlags & MachineFlags;

const examples = `Examples:
  rbm-rg report results/mehta-schwab
  rbm-rg report results/*/
`;

/** `rbm-rg report`: write tables and figures again from what run folders hold, and report.html, one page with all of it. */
export function configureReport(command: Command): void {
  command.argument("<runs...>", "run folders").addHelpText("before", examples);
  addMachineOptions(command);
  addCommonOptions(command, false);
  command.action((runs: readonly string[], flags: ReportFlags) => runReport(runs, flags));
}

async function runReport(runs: readonly string[], flags: ReportFlags): Promise<void> {
  const { writeReport } = await import("../report/write-report.js");
  const { writeRunPage } = await import("../report/html/run-page.js");
  const { withEnvironment } = await import("./environment.js");
  const { summaryText } = await import("./summary-text.js");
  const results: object[] = [];
  await withEnvironment(flags, async ({ kernels }) => {
    for (const run of runs) {
      const report = await writeReport(run, kernels);
      writeRunPage(run);
      results.push({ run, ...Object.fromEntries(report.summary) });
      if (flags.json !== true && flags.quiet !== true) print(summaryText(run, report));
    }
  });
  if (flags.json === true) printJson(results);
}
