import type { TrainingObserver } from "../../src/rbm/trainer.js";

/** Thrown into a training to end it. */
class Stop extends Error {}

/** A training without end that makes some updates at a time and waits in between, so that set-up is not timed. */
export class PacedTraining {
  readonly #training: Promise<void>;
  readonly #ready: Promise<void>;
  #left = 1;
  #stopped = false;
  #finished = 0;
  #wake: () => void = () => undefined;
  #arrived: () => void = () => undefined;

  /** `train` starts the training with the observer it is given. */
  private constructor(train: (observer: TrainingObserver) => Promise<unknown>) {
    this.#ready = this.#arrival();
    this.#training = train({ onUpdate: () => this.#updated() }).then(() => {
      throw new Error("the training ended before the bench did");
    });
    this.#training.catch(() => undefined); // whoever waits for the next updates hears of it
  }

  /** Set a training up and make its first update. */
  static async start(train: (observer: TrainingObserver) => Promise<unknown>): Promise<PacedTraining> {
    const training = new PacedTraining(train);
    await Promise.race([training.#ready, training.#training]);
    return training;
  }

  /** Milliseconds that the next `updates` updates take. */
  async run(updates: number): Promise<number> {
    this.#left = updates;
    const arrival = this.#arrival();
    const start = performance.now();
    this.#wake();
    await Promise.race([arrival, this.#training]);
    return this.#finished - start;
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#training.catch((error: unknown) => {
      if (!(error instanceof Stop)) throw error;
    });
  }

  /** Settles when the updates asked for are done. */
  #arrival(): Promise<void> {
    return new Promise((resolve) => (this.#arrived = resolve));
  }

  async #updated(): Promise<void> {
    if (--this.#left > 0) return;
    this.#finished = performance.now();
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    this.#arrived();
    await woken;
    if (this.#stopped) throw new Stop();
  }
}
