/** The operating system's name of a failure (`ENOENT`, `ENOSPC`, …); undefined if `error` did not come from it. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  // Node gives its own argument checks a code as well; of these only a path it cannot pass on is the user's doing.
  return "syscall" in error || error.code === "ERR_INVALID_ARG_VALUE" ? error.code : undefined;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
