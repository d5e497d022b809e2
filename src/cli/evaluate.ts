import type { Command } from "commander";
import { join } from "node:path";
import { significant, withError } from "../statistics/number-text.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { formatTable, print, printJson } from "./output.js";

type EvaluateFlags = CommonFlags & MachineFlags;

const examples = `Examples:
  rbm-rg evaluate results/small
  rbm-rg evaluate results/small --json
`;

/** Significant digits of what people read of exact values; evaluation.csv has all of them. */
const DIGITS = 10;

/** Steps of the progress. */
const SHARES = 1000;

/** `rbm-rg evaluate`: what the first layer of a run is as a model of spins. */
export function configureEvaluate(command: Command): void {
  command.argument("<run>", "a run folder").addHelpText("before", examples);
  addMachineOptions(command);
  addCommonOptions(command, false);
  command.action((run: string, flags: EvaluateFlags) => runEvaluate(run, flags));
}

async function runEvaluate(run: string, flags: EvaluateFlags): Promise<void> {
  const { analyzeRun, runAnalyses } = await import("../report/analyses/index.js");
  const { writeReport } = await import("../report/write-report.js");
  const { withEnvironment } = await import("./environment.js");
  await withEnvironment(flags, async ({ kernels, progress }) => {
    progress.start(runAnalyses.evaluate.phase, SHARES);
    await analyzeRun("evaluate", run, kernels, (share) => progress.update(Math.floor(SHARES * share)));
    progress.finish();
    await writeReport(run, kernels);
  });
  await printTable(join(run, "evaluation.csv"), flags);
}

async function printTable(path: string, { json, quiet }: CommonFlags): Promise<void> {
  const { parseCsv, readText } = await import("../io/index.js");
  const { columns, rows } = parseCsv(readText(path), path);
  if (json === true) {
    printJson(
      rows.map((row) => Object.fromEntries(columns.map((column) => [column, numberOr(row[column])]))),
    );
    return;
  }
  if (quiet === true) return;
  print(readableTable(rows));
  print(`written: ${path}`);
}

/** The table for people: values with their errors, in nats or per site as evaluation.csv has them. */
function readableTable(rows: readonly Readonly<Record<string, string>>[]): string {
  const measured = (row: Readonly<Record<string, string>>, name: string, error: string): string => {
    const [value, spread] = [numberOr(row[name]), numberOr(row[error])];
    return typeof value === "number" ? withError(value, Number(spread ?? NaN), DIGITS) : (value ?? "–");
  };
  const number = (text: string, format: (value: number) => string): string => {
    const value = numberOr(text);
    return typeof value === "number" ? format(value) : (value ?? "–");
  };
  return formatTable(
    ["quantity", "value(error)", "reference(error)", "z", "deviation", "tau", "ess", "remark"],
    rows.map((row) => [
      row["quantity"],
      measured(row, "value", "error"),
      measured(row, "reference", "reference_error"),
      number(row["z"], (z) => z.toFixed(1)),
      ...["deviation", "tau"].map((column) => number(row[column], (value) => significant(value, 3))),
      number(row["ess"], (ess) => ess.toFixed(0)),
      row["remark"],
    ]),
  );
}

/** A field of a table: a number, text, or null where it is empty. */
function numberOr(text: string): number | string | null {
  if (text === "") return null;
  return Number.isNaN(Number(text)) ? text : Number(text);
}
