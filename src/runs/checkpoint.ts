import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { RbmRgError } from "../errors/index.js";
import { createSubfolder, writeFileAtomic } from "../io/index.js";
import { explainWriting } from "../io/output-failure.js";
import type { StateArrays } from "../rbm/layer-state.js";
import {
  type CheckpointHeader,
  checkpointParts,
  NewerCheckpoint,
  readCheckpointFile,
} from "./checkpoint-file.js";
import { runLayout } from "./run-layout.js";
import { VERSION } from "./version.js";

/** Written in turn: while one is replaced, the other is whole. */
const NAMES = ["a.checkpoint", "b.checkpoint"] as const;

/** What a checkpoint says of the run and of how far it has come; see checkpoint-file.ts. */
export type Checkpoint = Omit<CheckpointHeader, "program" | "version" | "sequence" | "arrays">;

/** A whole checkpoint on disk; its arrays have not been read. */
export interface StoredCheckpoint {
  readonly path: string;
  readonly header: CheckpointHeader;
}

/** The checkpoints of a run. */
export interface CheckpointSurvey {
  /** Those that are whole, the newest first. */
  readonly whole: readonly StoredCheckpoint[];
  /** The paths of the others. */
  readonly damaged: readonly string[];
  /** What is wrong with these. */
  readonly problems: readonly string[];
}

/**
 * Read and check the checkpoints of a run. NewerCheckpoint if one is of a format of a later version: it is neither used
 * nor overwritten.
 */
export function surveyCheckpoints(run: string): CheckpointSurvey {
  const whole: StoredCheckpoint[] = [];
  const damaged: string[] = [];
  const problems: string[] = [];
  for (const path of NAMES.map((name) => join(runLayout.checkpoints(run), name)).filter(existsSync)) {
    try {
      whole.push({ path, header: readCheckpointFile(path) });
    } catch (error) {
      if (error instanceof NewerCheckpoint || !(error instanceof RbmRgError)) throw error;
      damaged.push(path);
      problems.push(error.message);
    }
  }
  whole.sort((a, b) => b.header.sequence - a.header.sequence);
  return { whole, damaged, problems };
}

/** Read the arrays of a checkpoint into those of a layer. DataError if they do not fit. */
export function restoreCheckpoint({ path }: StoredCheckpoint, into: StateArrays): void {
  readCheckpointFile(path, into);
}

/** Writes the checkpoints of a run, each in the place of the last but one. */
export class CheckpointWriter {
  #sequence: number;
  #place: number;

  /** `used` is the checkpoint the run goes on from, which stays until there is a newer one. */
  constructor(
    private readonly run: string,
    used: StoredCheckpoint | null,
  ) {
    this.#sequence = used?.header.sequence ?? 0;
    this.#place = used?.path.endsWith(NAMES[0]) === true ? 1 : 0;
  }

  /** Write a checkpoint: afterwards it is on disk, complete. OutputError if the file system refuses. */
  write(checkpoint: Checkpoint, arrays: StateArrays): void {
    const folder = runLayout.checkpoints(this.run);
    createSubfolder(folder);
    const header = {
      program: "rbm-rg" as const,
      version: VERSION,
      sequence: ++this.#sequence,
      ...checkpoint,
    };
    writeFileAtomic(join(folder, NAMES[this.#place]), checkpointParts(header, arrays));
    this.#place = 1 - this.#place;
  }
}

/** Delete the checkpoints of a run, once nobody will go on from them. */
export function removeCheckpoints(run: string): void {
  const folder = runLayout.checkpoints(run);
  explainWriting(folder, () => {
    rmSync(folder, { recursive: true, force: true });
  });
}
