import { availableParallelism } from "node:os";
import { join } from "node:path";
import { UsageError } from "../errors/index.js";
import { printSummary } from "./events-option.js";
import type { CommonFlags } from "./options.js";
import { printJson } from "./output.js";
import { describeOutcome, jobsOf, type PlanRunFlags, runPlan, sweepOptions } from "./run-plan.js";
import { readThreads } from "./sweep-flags.js";
import { localMachine } from "./sweep-machine.js";

/** Threads beyond this gain nothing. */
const MAX_THREADS = 8;

export interface ReproduceFlags extends CommonFlags, PlanRunFlags {
  readonly scale: string;
  readonly threads?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Run what is missing of a packaged study, and draw its conclusions. */
export async function reproduceStudy(name: string, flags: ReproduceFlags): Promise<void> {
  const { concludeStudy, findStudy, studyFile, studyNames, studyOutputs, studyScales } =
    await import("../studies/index.js");
  const study = findStudy(name);
  if (study === null) {
    throw new UsageError(`there is no study "${name}"; known: ${studyNames().join(", ")}.`);
  }
  const scales = studyScales(name);
  if (!scales.includes(flags.scale)) {
    throw new UsageError(`--scale ${flags.scale}: the scales of ${name} are ${scales.join(", ")}.`);
  }
  const { draftPlan, planSweep, readSweepName, removeSweep } = await import("../sweep/index.js");
  const file = studyFile(name);
  const choice = { scale: flags.scale, seed: flags.seed };
  const place = { file, ...choice, folder: flags.out ?? join("results", readSweepName(file, flags.scale)) };
  const draft = draftPlan(place);
  const { jobs, threads } = division(draft.tasks.length, flags);
  const options = sweepOptions(flags, jobs, threads);
  if (flags.dryRun === true) {
    const { showDraft } = await import("./sweep-plan.js");
    await showDraft(place, flags);
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
    concludeStudy(study, plan, place.folder, environment),
  );
  const written = highlights.map((path) => join(place.folder, path));
  if (flags.json === true) {
    printJson({ study: name, scale: flags.scale, folder: place.folder, claims, highlights: written });
    return;
  }
  const verdicts = claims.map(
    ({ claim, measured, verdict }) => `${verdict.toUpperCase()}: ${claim}\n    ${measured}`,
  );
  printSummary([...verdicts, `written: ${written.join(", ")}`].join("\n"), flags);
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
