/** How tasks are computed; no result depends on the number of threads. */
export interface TaskOptions {
  readonly threads: number;
  /** Passed on to the commands if given. */
  readonly kernels: string | null;
  /** How often a failed task is tried again at once. */
  readonly retry: number;
}

/** The flags every command of a task gets. */
export function commandFlags({ threads, kernels }: TaskOptions): readonly string[] {
  return ["--quiet", "--threads", String(threads), ...(kernels === null ? [] : ["--kernels", kernels])];
}
