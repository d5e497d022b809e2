/** How tasks are computed; no result depends on any of it. */
export interface TaskOptions {
  readonly threads: number;
  /** Passed on to the commands if given. */
  readonly kernels: string | null;
  /** How often sampling and training save a checkpoint, as `train --checkpoint-every` reads it; its default if null. */
  readonly checkpointEvery?: string | null;
  /** How often a failed task is tried again at once. */
  readonly retry: number;
}

/** The flags of the commands of a task, which sample and train. */
export function commandFlags({ threads, kernels, checkpointEvery }: TaskOptions): readonly string[] {
  return [
    "--quiet",
    "--threads",
    String(threads),
    ...(kernels === null ? [] : ["--kernels", kernels]),
    ...(checkpointEvery == null ? [] : ["--checkpoint-every", checkpointEvery]),
  ];
}
