import * as v from "valibot";
import { DataError, MissingInputError } from "../errors/index.js";
import { contentHash, pathStatus, readJson, writeFileAtomic } from "../io/index.js";
import { camelCase, isPlainObject, renameKeys } from "./config/keys.js";
import { type ExperimentConfig, isFileSource, resolveConfig, writtenForm } from "./config/index.js";
import { energySigns, orientations } from "./interchange/convention.js";
import { provenanceSchema } from "./provenance.js";
import { runLayout } from "./run-layout.js";

const timing = v.object({ phase: v.string(), seconds: v.number() });

const manifestSchema = v.object({
  kind: v.literal("run"),
  program: v.literal("rbm-rg"),
  version: v.string(),
  status: v.picklist(["running", "interrupted", "finished", "failed"]),
  identity: v.string(),
  config: v.record(v.string(), v.unknown()),
  dataset: v.nullable(
    v.object({
      path: v.string(),
      sha256: v.string(),
      lattice: v.nullable(v.string()),
      /** Units that its bytes hold as bits; absent: a number is a unit. */
      packed: v.optional(v.number()),
    }),
  ),
  /** Of a run whose layers were trained elsewhere: the files they come from, and how these were read. */
  imported: v.optional(
    v.object({
      files: v.array(v.object({ path: v.string(), sha256: v.string() })),
      energy: v.picklist(energySigns),
      orientation: v.picklist(orientations),
    }),
  ),
  kernels: v.string(),
  /** Of the latest start; runs of version 0.1.0 have none. */
  provenance: v.optional(provenanceSchema),
  /** Of earlier starts under other circumstances, each once, the latest last. */
  earlier_provenance: v.optional(v.array(provenanceSchema)),
  started: v.string(),
  /** When the run was taken up again after it had ended early. */
  resumed: v.optional(v.array(v.string()), []),
  finished: v.nullable(v.string()),
  timings: v.array(timing),
  /** Most memory the process had resident, whatever it did before; null until the run has ended. */
  peak_memory_bytes: v.optional(v.nullable(v.number()), null),
  error: v.nullable(v.string()),
  files: v.record(v.string(), v.string()),
});

/** manifest.json of a run folder: what was asked for, on which data, how it went, and the sha256 of every output. */
export type RunManifest = v.InferOutput<typeof manifestSchema>;

/** What makes two runs the same run: the resolved configuration, its name apart, and the data of an external dataset. */
export function runIdentity(config: ExperimentConfig, dataSha256: string | null): string {
  const written = writtenForm(config);
  const { lattice } = config.data;
  const known = isFileSource(config.data) ? config.data.logPartition : null;
  const packed = isFileSource(config.data) ? config.data.packed : undefined;
  const data =
    dataSha256 === null
      ? null
      : {
          sha256: dataSha256,
          lattice,
          ...(packed === undefined ? {} : { packed }),
          ...(known === null ? {} : { logPartition: known }),
        };
  return contentHash({ ...written, name: null, data });
}

export function writeManifest(run: string, manifest: RunManifest): void {
  writeFileAtomic(runLayout.manifest(run), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Read and check the manifest of a run folder. MissingInputError or DataError if there is none or it is not one. */
export function readManifest(run: string): RunManifest {
  if (pathStatus(run)?.isDirectory() !== true) {
    throw new MissingInputError(
      `${run} is not a folder; expected a run folder made by rbm-rg train or reproduce.`,
    );
  }
  const path = runLayout.manifest(run);
  if (pathStatus(path) === undefined) {
    throw new MissingInputError(
      `${run} has no manifest.json, so it is no run; expected a run folder made by rbm-rg train or reproduce.`,
    );
  }
  const found = readJson(path);
  const result = v.safeParse(manifestSchema, found);
  if (result.success) return result.output;
  throw new DataError(
    isPlainObject(found) && found["kind"] === "dataset"
      ? `${run} is a dataset, not a run; rbm-rg train --data ${run} trains on it.`
      : `${path} is not the manifest of a run made by rbm-rg.`,
  );
}

/** The configuration a run was made with. */
export function manifestConfig(manifest: RunManifest): ExperimentConfig {
  return resolveConfig(
    renameKeys(manifest.config, camelCase) as Record<string, unknown>,
    "the manifest's configuration",
  );
}
