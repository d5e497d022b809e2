/** Seconds since the process started, on a clock that never goes back. */
export const seconds = (): number => performance.now() / 1000;

/** The time of day as ISO 8601 text. */
export const timestamp = (): string => new Date().toISOString();

/** The most memory the process has had resident so far, in bytes. */
export const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;
