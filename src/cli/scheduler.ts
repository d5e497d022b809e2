/** Names, to a child process, the process that schedules it. */
const SCHEDULER = "RBM_RG_SCHEDULER";

/** The environment of a child that is to end with this process: see `endWithScheduler`. */
export function scheduledEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, [SCHEDULER]: String(process.pid) };
}

/**
 * If a scheduler has started this process: once it is gone, however it ended, be asked to stop by SIGTERM, which saves what
 * there is. The channel between the two closes with it, also when it is killed.
 */
export function endWithScheduler(): void {
  if (process.env[SCHEDULER] === undefined) return;
  // It schedules this process, not what this one starts.
  Reflect.deleteProperty(process.env, SCHEDULER);
  const stop = (): void => {
    process.kill(process.pid, "SIGTERM");
  };
  if (!process.connected) {
    stop();
    return;
  }
  process.once("disconnect", stop);
  // It carries no messages; this process may end while it is open.
  process.channel?.unref();
}
