import { join } from "node:path";
import { MissingInputError } from "../errors/index.js";
import type { Environment } from "../experiment/environment.js";
import { formatCsv, parseCsv, readText, writeFileAtomic } from "../io/index.js";
import { manifestConfig, readManifest, runLayout, VERSION } from "../runs/index.js";
import { type Plan, sweepLayout } from "../sweep/index.js";
import { writeStudyManifest } from "./study-manifest.js";
import { writeStudyPage } from "./study-page.js";
import type { Claim, Conclusions, Study, StudyRun } from "./study.js";

/**
 * Draw a study's conclusions from the runs of its plan, all of which must be finished: its figures and tables,
 * claims.csv (if it claims anything), SUMMARY.md, report.html and manifest.json, in the folder of the sweep.
 */
export async function concludeStudy(
  study: Study,
  plan: Plan,
  folder: string,
  environment: Environment,
): Promise<Conclusions> {
  const runs = plan.tasks.map(({ id, parts }) => readRun(sweepLayout.run(folder, id), parts));
  const conclusions = await study.conclude({ runs, folder }, environment);
  const claims = conclusions.claims.length === 0 ? [] : ["claims.csv"];
  for (const name of claims) writeFileAtomic(join(folder, name), claimsCsv(conclusions.claims));
  writeFileAtomic(join(folder, "SUMMARY.md"), summaryPage(study, plan, conclusions));
  writeStudyPage({ study, plan, folder, runs, claims: conclusions.claims }, environment);
  writeStudyManifest(study, plan, folder, environment);
  return { ...conclusions, highlights: [...conclusions.highlights, ...claims, "SUMMARY.md", "report.html"] };
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

/** One page: the question, every claim with its verdict, and the pictures; where nothing is claimed, where the results are. */
function summaryPage(
  { question }: Study,
  { name, tasks }: Plan,
  { claims, highlights }: Conclusions,
): string {
  const verdicts = claims.map(
    ({ claim, measured, verdict }) => `- **${verdict}** — ${claim}.\n  ${measured}.`,
  );
  const pictures = highlights
    .filter((path) => path.endsWith(".png"))
    .map((path) => `![${path.replace(/^figures\/|\.png$/g, "")}](${path})`);
  const results = claims.length === 0 ? highlights.join(", ") : "claims.csv";
  const sentences = [
    `# ${name}: ${question}`,
    `${tasks.length} ${tasks.length === 1 ? "run" : "runs"}, rbm-rg ${VERSION}; all of it in ${results}.`,
    ...(claims.length === 0 ? [] : [verdicts.join("\n")]),
  ];
  return `${[...sentences, ...pictures].join("\n\n")}\n`;
}
