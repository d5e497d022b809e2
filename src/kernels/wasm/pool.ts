import { Worker } from "node:worker_threads";
import { ResourceError } from "../../errors/index.js";
import { control, CONTROL_WORDS, MESSAGE_START, QUIT, SPINS, type WorkerSetup } from "./control-block.js";
import type { SharedMemory } from "./memory.js";
import {
  instantiate,
  kernelModule,
  type KernelExports,
  type Operation,
  operations,
  WORKER_URL,
} from "./module.js";

/** Jobs of fewer elementary additions than this are not worth waking anyone. */
const WORTH_SHARING = 500_000;

/**
 * The main thread and its helpers. Helpers are started by the first job worth sharing, live until `close`, and sleep
 * when there is nothing to do; until they are up, and for small jobs, the main thread works alone. What is computed
 * does not depend on who computes it.
 */
export class ThreadPool {
  readonly exports: KernelExports;
  readonly #control: Int32Array;
  #workers: readonly Worker[] | null = null;
  #failure: Error | null = null;

  constructor(
    private readonly memory: SharedMemory,
    readonly threads: number,
    /** Jobs of less work than this are done alone. */
    private readonly worthSharing = WORTH_SHARING,
  ) {
    this.exports = instantiate(kernelModule(), memory.memory);
    this.#control = memory.int32(memory.allocate(4 * CONTROL_WORDS), CONTROL_WORDS).fill(0);
  }

  /** Run one operation on all threads; `work` is the number of its elementary additions. */
  run(operation: Operation, work: number, ...args: readonly number[]): void {
    if (this.threads === 1 || work < this.worthSharing || !this.helpersReady()) {
      this.exports[operation](...args, 0, 1);
      return;
    }
    const words = this.#control;
    words.set(args, control.arguments);
    Atomics.store(words, control.operation, operations.indexOf(operation));
    Atomics.store(words, control.unfinished, this.threads - 1);
    Atomics.add(words, control.job, 1);
    Atomics.notify(words, control.job);
    try {
      this.exports[operation](...args, 0, this.threads);
    } finally {
      this.#waitForHelpers();
    }
  }

  /** Whether every helper listens; the first call starts them. */
  helpersReady(): boolean {
    if (this.#failure !== null) throw this.#failure;
    this.#workers ??= this.#start();
    return Atomics.load(this.#control, control.ready) === this.threads - 1;
  }

  close(): void {
    if (this.#workers === null) return;
    Atomics.store(this.#control, control.operation, QUIT);
    Atomics.add(this.#control, control.job, 1);
    Atomics.notify(this.#control, control.job);
    this.#workers = null;
  }

  #start(): readonly Worker[] {
    return Array.from({ length: this.threads - 1 }, (_, index) => {
      const workerData: WorkerSetup = {
        module: kernelModule(),
        memory: this.memory.memory,
        control: this.#control.byteOffset,
        thread: index + 1,
        threads: this.threads,
      };
      const worker = new Worker(WORKER_URL, { workerData, execArgv: [] });
      worker.on("error", (error) => {
        this.#fail(error.message, error);
      });
      worker.on("exit", (code) => {
        if (this.#workers !== null) this.#fail(`it ended with code ${code}`);
      });
      worker.unref();
      return worker;
    });
  }

  #fail(reason: string, cause?: Error): void {
    this.#failure ??= new ResourceError(
      `a kernel thread could not run: ${reason}. Try --threads 1, or --kernels reference.`,
      { cause },
    );
  }

  #waitForHelpers(): void {
    const words = this.#control;
    for (let spin = 0; ; spin++) {
      const unfinished = Atomics.load(words, control.unfinished);
      if (unfinished === 0) break;
      if (spin >= SPINS) Atomics.wait(words, control.unfinished, unfinished);
    }
    const length = Atomics.exchange(words, control.failure, 0);
    if (length === 0) return;
    const text = new Uint8Array(words.buffer, words.byteOffset + MESSAGE_START, length).slice();
    throw new Error(`a kernel thread failed: ${new TextDecoder().decode(text)}`);
  }
}
