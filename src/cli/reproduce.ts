import type { Command } from "commander";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { UsageError } from "../errors/index.js";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";
import { describeOutcome, jobsOf, type PlanRunFlags, runPlan, sweepOptions } from "./run-plan.js";
import { addStopOptions } from "./stop-options.js";
import { readThreads } from "./sweep-flags.js";
import { localMachine } from "./sweep-machine.js";

interface ReproduceFlags extends CommonFlags, PlanRunFlags {
  readonly scale: string;
  readonly threads?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

const examples = `Examples:
  rbm-rg reproduce mehta-schwab                     40×40, three layers
  rbm-rg reproduce mehta-schwab --scale smoke       a small lattice, under a minute
  rbm-rg reproduce mehta-schwab --scale paper       as printed: 0/1 units, 200 epochs
  rbm-rg reproduce mehta-schwab --dry-run           what would run, how long, how much memory
`;

/** `rbm-rg reproduce`: a packaged study, from sampling to verdicts. */
export function configureReproduce(command: Command): void {
  command
    .argument("<study>", "mehta-schwab")
    .addHelpText("before", examples)
    .option("--scale <name>", "smoke, standard or paper", "standard")
    .option("-j, --jobs <n>", "runs at a time (default: as many as there are processors, or runs)")
    .option("--threads <n>", "threads of each run (default: processors / jobs); no result depends on it")
    .option("--kernels <name>", "auto, wasm or reference (default: auto, wasm where it runs)")
    .option("--keep-going", "go on with other runs after one has failed")
    .option("--retry <n>", "try a failed run again, so many times (default: 0)");
  addStopOptions(command);
  addCommonOptions(command, true);
  command
    .option("-o, --out <folder>", "where to write (default: results/<study>, results/<study>-<scale>)")
    .option("--force", "begin anew, whatever is there")
    .option("--dry-run", "say what would run, how long and with how much memory; compute nothing");
  command.action((name: string, flags: ReproduceFlags) => runReproduce(name, flags));
}

async function runReproduce(name: string, flags: ReproduceFlags): Promise<void> {
  const { concludeStudy, studies, studyFile, studyOutputs } = await import("../studies/index.js");
  if (!Object.hasOwn(studies, name)) {
    throw new UsageError(`there is no study "${name}"; known: ${Object.keys(studies).join(", ")}.`);
  }
  const { draftPlan, planSweep, readSweepName, removeSweep } = await import("../sweep/index.js");
  const file = studyFile(name);
  const choice = { scale: flags.scale, seed: flags.seed };
  const place = { file, ...choice, folder: flags.out ?? join("results", readSweepName(file, flags.scale)) };
  const draft = draftPlan(place);
  const { jobs, threads } = division(draft.tasks.length, flags);
  const options = sweepOptions(flags, jobs, threads);
  if (flags.dryRun === true) {
    const { noteCost, showPlan } = await import("./sweep-plan.js");
    const todo = await showPlan(draft, place.folder, flags);
    if (flags.json !== true && flags.quiet !== true) noteCost(todo);
    return;
  }
  if (flags.force === true) removeSweep(place.folder, studyOutputs);
  const { plan } = await planSweep(place, localMachine, { extend: false });
  const outcome = await runPlan(plan, place, options, flags);
  if (outcome.done + outcome.skipped < plan.tasks.length) {
    process.stderr.write(`rbm-rg: ${place.folder}: ${describeOutcome(outcome)}\n`);
    process.exitCode = outcome.exitCode === 0 ? 1 : outcome.exitCode;
    return;
  }
  const { withEnvironment } = await import("./environment.js");
  const { claims, highlights } = await withEnvironment(flags, (environment) =>
    concludeStudy(studies[name], plan, place.folder, environment),
  );
  const written = highlights.map((path) => join(place.folder, path));
  if (flags.json === true) {
    printJson({ study: name, scale: flags.scale, folder: place.folder, claims, highlights: written });
    return;
  }
  for (const { claim, measured, verdict } of claims)
    print(`${verdict.toUpperCase()}: ${claim}\n    ${measured}`);
  print(`written: ${written.join(", ")}`);
}

/** How the processors are divided: no more jobs than tasks, and the rest of them as threads. */
function division(tasks: number, flags: ReproduceFlags): { readonly jobs: number; readonly threads: number } {
  const given = flags.threads === undefined ? null : readThreads("--threads", flags.threads);
  const jobs = Math.min(tasks, jobsOf(flags, given ?? 1));
  return {
    jobs,
    threads: given ?? Math.max(1, Math.min(MAX_THREADS, Math.floor(availableParallelism() / jobs))),
  };
}

/** Threads beyond this gain nothing. */
const MAX_THREADS = 8;
