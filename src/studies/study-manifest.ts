import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Environment } from "../experiment/environment.js";
import { pathStatus, sha256File, writeFileAtomic } from "../io/index.js";
import { runLayout, VERSION } from "../runs/index.js";
import { type Plan, sweepLayout } from "../sweep/index.js";
import type { Study } from "./study.js";

/** What a study writes beside its runs. */
export const studyOutputs = [
  "SUMMARY.md",
  "claims.csv",
  "figures",
  "manifest.json",
  "report.html",
  "tables",
] as const;

/**
 * manifest.json of a study: its question, what concluded it, and the sha256 of its plan and of every file it made of the
 * runs, which have manifests of their own. Written last: a study without it is not concluded.
 */
export function writeStudyManifest(
  { name, question }: Study,
  plan: Plan,
  folder: string,
  { provenance, timestamp }: Environment,
): void {
  const outputs = studyOutputs
    .filter((output) => output !== "manifest.json")
    .flatMap((output) => filesIn(join(folder, output)));
  const files = [sweepLayout.plan(folder), ...outputs].map(
    (path) => [relative(folder, path).split(sep).join("/"), sha256File(path)] as const,
  );
  const manifest = {
    program: "rbm-rg",
    kind: "study",
    version: VERSION,
    study: name,
    question,
    runs: plan.tasks.length,
    concluded: timestamp(),
    provenance: provenance?.(),
    files: Object.fromEntries(files),
  };
  writeFileAtomic(runLayout.manifest(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The file at `path`, or every file below it; none if there is nothing. */
function filesIn(path: string): readonly string[] {
  const status = pathStatus(path);
  if (status === undefined) return [];
  if (!status.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
