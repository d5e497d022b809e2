/** The few words through which the threads of a pool talk, at the start of the shared memory. Indices of 32-bit words. */
export const control = {
  /** Number of the current job; workers wait for it to change. */
  job: 0,
  /** Workers that have not finished the current job. */
  unfinished: 1,
  /** Workers that have started and listen. */
  ready: 2,
  /** Index of the operation, or `QUIT`. */
  operation: 3,
  /** Length in bytes of the message of a worker that failed, or 0. */
  failure: 4,
  /** The operation's arguments begin here. */
  arguments: 8,
} as const;

export const QUIT = -1;

/** Words of the block, and where in it (in bytes) the text of a failure begins. */
export const CONTROL_WORDS = 256;
export const MESSAGE_START = 128;
export const MESSAGE_BYTES = 4 * CONTROL_WORDS - MESSAGE_START;

/** What a worker is started with. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly control: number;
  /** 1 … threads − 1; the main thread is number 0. */
  readonly thread: number;
  readonly threads: number;
}

/** How often a waiting thread looks before it sleeps: some tens of microseconds. */
export const SPINS = 10000;
