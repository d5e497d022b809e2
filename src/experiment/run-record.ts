import { isAbsolute, relative, resolve, sep } from "node:path";
import { stringify } from "yaml";
import { canonicalJson, writeFileAtomic } from "../io/index.js";
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
import type { Provenance } from "../runs/provenance.js";
import type { Environment, LockedEnvironment } from "./environment.js";

/** Keeps the manifest of a run in step with what happens to it. */
export class RunRecord {
  /** Writes the manifest, which from then on says that the run is running. */
  constructor(
    private readonly run: string,
    private manifest: RunManifest,
    private readonly environment: LockedEnvironment,
  ) {
    environment.requireLock();
    writeManifest(run, manifest);
  }

  writeConfig(config: ExperimentConfig): void {
    this.environment.requireLock();
    writeFileAtomic(runLayout.config(this.run), stringify(writtenForm(config)));
  }

  setDataset(config: ExperimentConfig, { sha256, lattice }: Dataset): void {
    const file = isFileSource(config.data) ? config.data : null;
    const path = file === null ? "data" : placeOf(file.path, this.run);
    const packed = file?.packed === undefined ? {} : { packed: file.packed };
    this.#update({ dataset: { path, sha256, lattice: lattice?.shape.join("x") ?? null, ...packed } });
  }

  /** Do `work` and record how long it took, however it ends. */
  async time<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const { seconds: clock, events } = this.environment;
    const start = clock();
    let seconds = 0;
    events?.({ event: "phase-started", run: this.run, phase });
    const result = await work().finally(() => {
      seconds = Number((clock() - start).toFixed(3));
      this.manifest = { ...this.manifest, timings: [...this.manifest.timings, { phase, seconds }] };
    });
    // After an error the status is written as well, by `finish`; that the disk is full must not hide the error.
    this.#update({});
    events?.({ event: "phase-finished", run: this.run, phase, seconds });
    return result;
  }

  finish(status: "finished" | "failed" | "interrupted", error: string | null): void {
    this.environment.requireLock();
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
    this.environment.requireLock();
    writeManifest(this.run, this.manifest);
  }
}

/** An absolute path; of data in the run's own folder, which may be moved, the path in it. */
function placeOf(path: string, run: string): string {
  const inside = relative(resolve(run), resolve(path));
  const isInside = inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
  return isInside ? inside.split(sep).join("/") : resolve(path);
}

/** The manifest of a run that begins. */
export function newManifest(
  config: ExperimentConfig,
  identity: string,
  { kernels, timestamp, provenance }: Environment,
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
    ...(provenance === undefined ? {} : { provenance: provenance() }),
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
export function resumedManifest(
  former: RunManifest,
  { kernels, timestamp, provenance }: Environment,
): RunManifest {
  return {
    ...former,
    version: VERSION,
    status: "running",
    kernels: kernels.name,
    ...(provenance === undefined ? {} : joinedProvenance(former, provenance())),
    resumed: [...former.resumed, timestamp()],
    finished: null,
    error: null,
  };
}

/** The provenance of a new start, and those of earlier ones that differ from it, each once. */
function joinedProvenance(
  { provenance, earlier_provenance: earlier = [] }: RunManifest,
  latest: Provenance,
): Pick<RunManifest, "provenance" | "earlier_provenance"> {
  const former = [...earlier, ...(provenance === undefined ? [] : [provenance])];
  const distinct = new Map(former.map((entry) => [canonicalJson(entry), entry]));
  distinct.delete(canonicalJson(latest));
  return {
    provenance: latest,
    ...(distinct.size === 0 ? {} : { earlier_provenance: [...distinct.values()] }),
  };
}
