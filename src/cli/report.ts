import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import { oneOf } from "./choice-option.js";
import { readCount } from "./count-option.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

interface ReportFlags extends CommonFlags, MachineFlags {
  readonly terminal?: boolean;
  readonly layer?: string;
  readonly color?: string;
}

const examples = `Examples:
  rbm-rg report results/mehta-schwab
  rbm-rg report results/*/
  rbm-rg report results/mehta-schwab --terminal --layer 2
`;

/**
 * `rbm-rg report`: write tables and figures again from what run folders hold, and report.html, one page with all of it; or
 * show the losses and receptive fields on the terminal and write nothing.
 */
export function configureReport(command: Command): void {
  command
    .argument("<runs...>", "run folders")
    .addHelpText("before", examples)
    .option("--terminal", "show losses and receptive fields here, as text, and write no file")
    .option("--layer <n>", "with --terminal: the receptive fields of this layer, counted from 1 (default: 1)")
    .option("--color <when>", "with --terminal: auto, always or never (default: auto)");
  addMachineOptions(command);
  addCommonOptions(command, false);
  command.action((runs: readonly string[], flags: ReportFlags) =>
    flags.terminal === true ? preview(runs, flags) : runReport(runs, flags),
  );
}

async function runReport(runs: readonly string[], flags: ReportFlags): Promise<void> {
  const needless = (["layer", "color"] as const).find((name) => flags[name] !== undefined);
  if (needless !== undefined) throw new UsageError(`--${needless} goes with --terminal.`);
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

async function preview(runs: readonly string[], { json, layer, color }: ReportFlags): Promise<void> {
  if (json === true) {
    throw new UsageError(
      "--terminal draws for people; for JSON leave it out, or use rbm-rg fields RUN --json, which writes no file either.",
    );
  }
  const { readRunPreview } = await import("../report/read-run-preview.js");
  const { runPreview } = await import("../report/terminal/run-preview.js");
  const { colorChoices, terminalStyle } = await import("./terminal.js");
  const shown = readCount("--layer", layer, 1, 1);
  const style = terminalStyle(oneOf("--color", color, colorChoices) ?? "auto", process.env, process.stdout);
  const parts = runs.map((run) => runPreview(readRunPreview(run, shown), style).join("\n"));
  print(parts.join("\n\n"));
}
