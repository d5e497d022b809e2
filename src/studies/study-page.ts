import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../experiment/environment.js";
import { writeFileAtomic } from "../io/index.js";
import { commandBlock, csvTable, durationText, factsTable, figures } from "../report/html/blocks.js";
import { escapeHtml, htmlDocument, type PageSection } from "../report/html/page.js";
import { readManifest, runLayout, VERSION } from "../runs/index.js";
import type { Plan } from "../sweep/index.js";
import type { Claim, Study, StudyRun } from "./study.js";

/** What a study's page is made of. */
export interface StudyPage {
  readonly study: Study;
  readonly plan: Plan;
  readonly folder: string;
  readonly runs: readonly StudyRun[];
  readonly claims: readonly Claim[];
}

/** Write report.html of a study: verdicts, figures and tables on one page without other files. */
export function writeStudyPage(page: StudyPage, { provenance }: Environment): void {
  const { study, plan, folder, runs } = page;
  const sections: readonly PageSection[] = [
    { title: "Verdicts", html: claimList(page.claims) },
    { title: "Figures", html: figures(folder) },
    { title: "What was run", html: factsTable(factsOf(runs)) },
    {
      title: "How to reproduce it",
      html: commandBlock(["rbm-rg", ...(provenance?.().command ?? ["reproduce", study.name])]),
    },
    { title: "Tables", html: tablesOf(folder) },
  ];
  const html = htmlDocument({
    title: `${plan.name}: ${study.question}`,
    lead: `${runs.length} ${runs.length === 1 ? "run" : "runs"}, rbm-rg ${VERSION}`,
    sections: sections.filter((section) => section.html !== ""),
  });
  writeFileAtomic(runLayout.page(folder), html);
}

function claimList(claims: readonly Claim[]): string {
  if (claims.length === 0) return "";
  const items = claims.map(
    ({ claim, measured, verdict }) =>
      `<li class="claim"><span class="verdict ${verdict}">${verdict}</span> — ${escapeHtml(claim)}<br>${escapeHtml(measured)}</li>`,
  );
  return `<ul>${items.join("\n")}</ul>`;
}

function factsOf(runs: readonly StudyRun[]): readonly (readonly [string, string])[] {
  const manifests = runs.map(({ folder }) => readManifest(folder));
  const seconds = manifests.flatMap(({ timings }) => timings.map((timing) => timing.seconds));
  const total = seconds.reduce((sum, each) => sum + each, 0);
  const distinct = (values: readonly string[]): string => [...new Set(values)].join(", ");
  return [
    ["version", distinct(manifests.map(({ version }) => `rbm-rg ${version}`))],
    ["seeds", distinct(runs.map(({ config }) => config.seed))],
    ["runs", `${runs.length}, in runs/; rbm-rg report writes a page of each`],
    ["duration", `${durationText(total)}, all runs one after the other, sampling of shared data apart`],
    ["kernels", distinct(manifests.map(({ kernels }) => kernels))],
  ];
}

function tablesOf(folder: string): string {
  const path = join(folder, "tables");
  if (!existsSync(path)) return "";
  const names = readdirSync(path).filter((name) => name.endsWith(".csv"));
  return names
    .sort()
    .map((name) => csvTable(path, name))
    .join("\n");
}
