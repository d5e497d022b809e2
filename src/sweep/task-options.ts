/** How tasks are computed; no result depends on any of it. */
export interface TaskOptions {
  readonly threads: number;
  /** Passed on to the commands if given. */
  readonly kernels: string | null;
  /** How often training saves a checkpoint, as `train --checkpoint-every` reads it; its default if null. */
  readonly checkpointEvery?: string | null;
  /** How often a failed task is tried again at once. */
  readonly retry: number;
}

/** The flags every command of a task gets. */
export function commandFlags({ threads, kernels }: TaskOptions): readonly string[] {
  return ["--quiet", "--threads", String(threads), ...(kernels === null ? [] : ["--kernels", kernels])];
}

/** The flags of the command that trains. */
export function trainingFlags(options: TaskOptions): readonly string[] {
  const { checkpointEvery } = options;
  return [
    ...commandFlags(options),
    ...(checkpointEvery == null ? [] : ["--checkpoint-every", checkpointEvery]),
  ];
}
