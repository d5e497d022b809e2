import { resolve } from "node:path";
import { stringify } from "yaml";
import { writeFileAtomic } from "../io/index.js";
import {
  type Dataset,
  type ExperimentConfig,
  hashOutputs,
  isFileSource,
  runLayout,
  type RunManifest,
  VERSION,
  writeManifest,
  writtenForm,
} from "../runs/index.js";
import type { Environment } from "./environment.js";

/** Keeps the manifest of a run in step with what happens to it. */
export class RunRecord {
  /** Writes the manifest, which from then on says that the run is running. */
  constructor(
    private readonly run: string,
    private manifest: RunManifest,
    private readonly environment: Environment,
  ) {
    writeManifest(run, manifest);
  }

  writeConfig(config: ExperimentConfig): void {
    writeFileAtomic(runLayout.config(this.run), stringify(writtenForm(config)));
  }

  setDataset(config: ExperimentConfig, { sha256, lattice }: Dataset): void {
    const path = isFileSource(config.data) ? resolve(config.data.path) : "data";
    this.#update({ dataset: { path, sha256, lattice: lattice?.shape.join("x") ?? null } });
  }

  /** Do `work` and record how long it took, however it ends. */
  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const start = this.environment.seconds();
    try {
      return await work();
    } finally {
      const seconds = Number((this.environment.seconds() - start).toFixed(3));
      this.#update({ timings: [...this.manifest.timings, { phase, seconds }] });
    }
  }

  finish(status: "finished" | "failed" | "interrupted", error: string | null): void {
    this.#update({
      status,
      error,
      finished: this.environment.timestamp(),
      peak_memory_bytes: this.environment.peakMemory(),
      files: hashOutputs(this.run),
    });
  }

  #update(change: Partial<RunManifest>): void {
    this.manifest = { ...this.manifest, ...change };
    writeManifest(this.run, this.manifest);
  }
}

/** The manifest of a run that begins. */
export function newManifest(
  config: ExperimentConfig,
  identity: string,
  { kernels, timestamp }: Environment,
): RunManifest {
  return {
    kind: "run",
    program: "rbm-rg",
    version: VERSION,
    status: "running",
    identity,
    config: writtenForm(config),
    dataset: null,
    kernels: kernels.name,
    started: timestamp(),
    resumed: [],
    finished: null,
    timings: [],
    peak_memory_bytes: null,
    error: null,
    files: {},
  };
}

/** The manifest of a run that goes on; the durations of its phases are those of all its parts. */
export function resumedManifest(former: RunManifest, { kernels, timestamp }: Environment): RunManifest {
  return {
    ...former,
    version: VERSION,
    status: "running",
    kernels: kernels.name,
    resumed: [...former.resumed, timestamp()],
    finished: null,
    error: null,
  };
}
