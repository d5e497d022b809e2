import { workerData } from "node:worker_threads";
import {
  control,
  CONTROL_WORDS,
  MESSAGE_BYTES,
  MESSAGE_START,
  QUIT,
  SPINS,
  type WorkerSetup,
} from "./control-block.js";
import { instantiate, operations } from "./module.js";

/** One helping thread: wait for a job, do this thread's share, report; spin a little, then sleep. */
function serve(setup: WorkerSetup): void {
  const { thread, threads, memory } = setup;
  const words = new Int32Array(memory.buffer, setup.control, CONTROL_WORDS);
  const functions = instantiate(setup.module, memory);
  let job = Atomics.load(words, control.job);
  if (Atomics.load(words, control.operation) === QUIT) return; // closed before this thread was up
  Atomics.add(words, control.ready, 1);
  Atomics.notify(words, control.ready);
  for (;;) {
    job = waitForChange(words, job);
    const operation = Atomics.load(words, control.operation);
    if (operation === QUIT) return;
    try {
      const args = words.subarray(control.arguments, control.arguments + 8);
      const name = operations[operation];
      functions[name](...args.subarray(0, functions[name].length - 2), thread, threads);
    } catch (error) {
      reportFailure(words, error);
    }
    if (Atomics.sub(words, control.unfinished, 1) === 1) Atomics.notify(words, control.unfinished);
  }
}

function waitForChange(words: Int32Array, seen: number): number {
  for (let spin = 0; ; spin++) {
    const job = Atomics.load(words, control.job);
    if (job !== seen) return job;
    if (spin >= SPINS) Atomics.wait(words, control.job, seen);
  }
}

/** Leave the text of an error where the main thread finds it. */
function reportFailure(words: Int32Array, error: unknown): void {
  const text = new TextEncoder().encode(
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
  const length = Math.min(text.length, MESSAGE_BYTES);
  new Uint8Array(words.buffer, words.byteOffset + MESSAGE_START, length).set(text.subarray(0, length));
  Atomics.store(words, control.failure, length);
}

serve(workerData as WorkerSetup);
