import { join } from "node:path";
import { MissingInputError } from "../errors/index.js";
import type { Environment } from "../experiment/environment.js";
import { formatCsv, parseCsv, readText, writeFileAtomic } from "../io/index.js";
import { manifestConfig, readManifest, runLayout } from "../runs/index.js";
import { type Plan, sweepLayout } from "../sweep/index.js";
import type { Claim, Conclusions, Study, StudyRun } from "./study.js";

/** What a study writes beside its runs. */
export const studyOutputs = ["figures", "claims.csv"] as const;

/**
 * Draw a study's conclusions from the runs of its plan, all of which must be finished: its figures and tables, and
 * claims.csv, in the folder of the sweep.
 */
export async function concludeStudy(
  study: Study,
  plan: Plan,
  folder: string,
  environment: Environment,
): Promise<Conclusions> {
  const runs = plan.tasks.map(({ id, parts }) => readRun(sweepLayout.run(folder, id), parts));
  const conclusions = await study.conclude({ runs, folder }, environment);
  writeFileAtomic(join(folder, "claims.csv"), claimsCsv(conclusions.claims));
  return { ...conclusions, highlights: [...conclusions.highlights, "claims.csv"] };
}

function readRun(folder: string, parts: readonly string[]): StudyRun {
  const path = runLayout.summary(folder);
  const [summary] = parseCsv(readText(path), path).rows;
  const manifest = readManifest(folder);
  if (manifest.status !== "finished") {
    throw new MissingInputError(`${folder} is ${manifest.status}; a study needs all its runs finished.`);
  }
  return { folder, parts, config: manifestConfig(manifest), summary };
}

function claimsCsv(claims: readonly Claim[]): string {
  return formatCsv(
    ["claim", "measured", "verdict"],
    claims.map(({ claim, measured, verdict }) => [claim, measured, verdict]),
  );
}
