import { existsSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NewerCheckpoint, checkpointParts, readSamplingFile } from "./checkpoint-file.js";
import { RbmRgError } from "../errors/index.js";
import { contentHash, createSubfolder, pathStatus, writeFileAtomic } from "../io/index.js";
import { explainWriting } from "../io/output-failure.js";
import type { SamplingState } from "../ising/sample.js";
import type { SampleSource } from "./config/index.js";
import { VERSION } from "./version.js";

/** Where the checkpoint of the sampling of a dataset folder is that stands alone: beside it. */
export function siblingCheckpoint(dataset: string): string {
  return join(dirname(dataset), `.${basename(dataset)}.sampling.checkpoint`);
}

/** What the configurations and the chains of a sampling are made of, as a sha256. */
export function samplingIdentity(source: SampleSource, seed: string): string {
  return contentHash({ sampling: { ...source }, seed });
}

/** The checkpoint of one sampling: of these configurations, by the same chains. `beforeWriting` throws if nothing may be written. */
export class SamplingCheckpoint {
  readonly #identity: string;

  constructor(
    readonly path: string,
    source: SampleSource,
    seed: string,
    private readonly beforeWriting: () => void = () => undefined,
  ) {
    this.#identity = samplingIdentity(source, seed);
  }

  /**
   * The state on disk: null if there is none, or none of this sampling; a message if it cannot be used. NewerCheckpoint if it
   * is of a format of a later version.
   */
  read(): SamplingState | string | null {
    const { path } = this;
    if (pathStatus(path)?.isFile() !== true) return null;
    try {
      const { identity, steps, halfway, schedule, rows, arrays: list } = readSamplingFile(path);
      if (identity !== this.#identity) return null;
      const lengthOf = (name: string): number => list.find((array) => array.name === name)?.length ?? 0;
      const arrays = {
        configurations: new Uint32Array(lengthOf("configurations")),
        spins: new Uint32Array(lengthOf("spins")),
        volumes: new Float64Array(lengthOf("volumes")),
      };
      readSamplingFile(path, arrays);
      return { steps, halfway, schedule, rows, arrays };
    } catch (error) {
      if (error instanceof NewerCheckpoint || !(error instanceof RbmRgError)) throw error;
      return error.message;
    }
  }

  /** Write it: afterwards it is on disk, complete. OutputError if the file system refuses. */
  write({ arrays, ...progress }: SamplingState): void {
    this.beforeWriting();
    createSubfolder(dirname(this.path));
    const header = { program: "rbm-rg" as const, version: VERSION, identity: this.#identity, ...progress };
    writeFileAtomic(this.path, checkpointParts(header, arrays));
  }

  /** Remove it, once the dataset is there. */
  remove(): void {
    if (!existsSync(this.path)) return;
    explainWriting(this.path, () => {
      rmSync(this.path, { force: true });
    });
  }
}
