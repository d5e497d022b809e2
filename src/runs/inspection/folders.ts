import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { MissingInputError, RbmRgError } from "../../errors/index.js";
import { readJson } from "../../io/index.js";
import { readManifest } from "../run-manifest.js";
import { runLayout } from "../run-layout.js";
import { isPlainObject } from "../config/keys.js";
import { planFacts } from "./documents.js";
import { type Fact, flatten, type Inspection, shortList } from "./inspection.js";

/** Folders inside runs and sweeps, by name. */
const parts: Readonly<Record<string, string>> = {
  checkpoint: "The states a run goes on from if it is stopped; two in turn, removed when it is finished.",
  tables: "Tables of a study, made of its runs.",
  figures: "Figures as SVG and PNG, each with the data behind it as CSV.",
  runs: "The run folders of a sweep, named by the tasks' ids.",
  tasks: "The configurations that the tasks of a sweep are trained with.",
  data: "Configurations: those of a run's own model, or the datasets that tasks of a sweep share and how they were sampled.",
  logs: "What the tasks of a sweep printed.",
  failures: "Why tasks of a sweep failed, a file each.",
  locks: "Names the processes that are at the tasks of a sweep; empty when nobody is.",
  slurm: "Batch scripts of a sweep for SLURM, their logs, and results.csv, which the last job writes.",
};

/** Say what a folder is. MissingInputError if it is neither one of the program's nor inside one. */
export function inspectFolder(path: string): Inspection {
  if (existsSync(runLayout.manifest(path))) {
    const manifest = readJson(runLayout.manifest(path));
    if (isPlainObject(manifest) && manifest["kind"] === "run") return inspectRun(path);
    if (isPlainObject(manifest) && manifest["kind"] === "dataset") return inspectDataset(manifest);
    if (isPlainObject(manifest) && isAnalysis(manifest["kind"])) return inspectAnalysis(manifest);
  }
  if (existsSync(join(path, "plan.json"))) return inspectSweep(path);
  const meaning = parts[basename(resolve(path))] as string | undefined;
  const parent = dirname(resolve(path));
  if (
    meaning !== undefined &&
    ["manifest.json", "plan.json"].some((name) => existsSync(join(parent, name)))
  ) {
    const names = readdirSync(path).filter((name) => !name.startsWith("."));
    return {
      kind: `part of ${parent}`,
      facts: [["files", names.length === 0 ? "none" : shortList(names)]],
      meaning,
    };
  }
  throw new MissingInputError(
    `${path} holds no manifest.json and no plan.json of rbm-rg: it is neither a dataset, a run nor a sweep.`,
  );
}

function inspectDataset(manifest: Record<string, unknown>): Inspection {
  const files = isPlainObject(manifest["files"]) ? Object.keys(manifest["files"]) : [];
  return {
    kind: "dataset folder",
    facts: flatten({ ...manifest, files }),
    meaning: "Configurations of an Ising model and their observables. Train on it with rbm-rg train --data.",
  };
}

const analyses = ["pca", "fisher", "flow", "couplings", "mcrg", "kadanoff"] as const;

function isAnalysis(kind: unknown): boolean {
  return analyses.some((name) => name === kind);
}

function inspectAnalysis(manifest: Record<string, unknown>): Inspection {
  const files = isPlainObject(manifest["files"]) ? Object.keys(manifest["files"]) : [];
  return {
    kind: "analysis folder",
    facts: flatten({ ...manifest, files }),
    meaning: `What rbm-rg ${String(manifest["kind"])} has found: tables and figures. rbm-rg verify compares them with manifest.json.`,
  };
}

function inspectRun(path: string): Inspection {
  const { config, files, ...rest } = readManifest(path);
  return {
    kind: "run folder",
    facts: [
      ...flatten(rest),
      ...flatten(config),
      ["files", `${Object.keys(files).length}, listed with sha256 in manifest.json`],
    ],
    meaning:
      (rest.imported === undefined ? "One training run." : "An RBM that was trained elsewhere.") +
      " rbm-rg report writes its tables and figures again; rbm-rg collect joins many.",
  };
}

function inspectSweep(path: string): Inspection {
  const plan = readJson(join(path, "plan.json"));
  const claims = existsSync(join(path, "claims.csv"));
  const manifest = runLayout.manifest(path);
  const concluded = existsSync(manifest) ? readJson(manifest) : {};
  return {
    kind: claims ? "study folder" : "sweep folder",
    facts: [
      ...(isPlainObject(plan) ? planFacts(plan).facts : []),
      ...runCounts(join(path, "runs")),
      ...(isPlainObject(concluded) ? flatten({ concluded: concluded["concluded"] ?? null }) : []),
    ],
    meaning: `Many runs of one configuration, in runs/${claims ? "; claims.csv says what they show" : ""}. rbm-rg sweep status lists them, rbm-rg sweep collect joins their results.`,
  };
}

const statusSchema = v.object({ status: v.string() });

/** How many runs of a folder are in which state. */
function runCounts(folder: string): readonly Fact[] {
  if (!existsSync(folder)) return [];
  const counts: Record<string, number> = {};
  for (const name of readdirSync(folder)) {
    const status = runStatus(join(folder, name));
    if (status !== null) counts[status] = (counts[status] ?? 0) + 1;
  }
  return flatten(counts, "runs.");
}

function runStatus(run: string): string | null {
  try {
    const result = v.safeParse(statusSchema, readJson(runLayout.manifest(run)));
    return result.success ? result.output.status : null;
  } catch (error) {
    if (error instanceof RbmRgError) return null;
    throw error;
  }
}
