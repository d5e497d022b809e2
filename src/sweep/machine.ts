/** Signals that ask a task to stop; it saves what it has first. USR1 is what a batch system sends ahead of its limit. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGUSR1";

/** How a child process ended: with a code, or by a signal. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A child process that runs one command of this program. */
export interface Child {
  readonly ended: Promise<ChildEnd>;
  kill(signal: StopSignal): void;
}

/** What a sweep needs of the machine it runs on; passed in, so that it can be tested without one. */
export interface Machine {
  /** The time of day as ISO 8601 text. */
  timestamp(): string;
  /** Start `rbm-rg` with these arguments; what it prints is appended to the file `log`. */
  launch(args: readonly string[], log: string): Child;
}

/** A request to stop, once made, for everything that works on a sweep. */
export class StopRequest {
  #signal: StopSignal | null = null;
  readonly #listeners = new Set<(signal: StopSignal) => void>();

  /** The first signal received, null as long as nobody asked to stop. */
  get signal(): StopSignal | null {
    return this.#signal;
  }

  /** Ask to stop; asking again is passed on too, a child may then stop at once. */
  request(signal: StopSignal): void {
    this.#signal ??= signal;
    for (const listener of this.#listeners) listener(signal);
  }

  /** Wait so many milliseconds, or until somebody asks to stop. */
  sleep(milliseconds: number): Promise<void> {
    if (this.#signal !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#listeners.add(end);
    });
  }

  /** Be told of every request while `work` goes on. */
  async during<T>(listener: (signal: StopSignal) => void, work: Promise<T>): Promise<T> {
    this.#listeners.add(listener);
    try {
      return await work;
    } finally {
      this.#listeners.delete(listener);
    }
  }
}
