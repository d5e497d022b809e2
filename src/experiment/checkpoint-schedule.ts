import type { TrainingProgress } from "../rbm/trainer.js";
import type { CheckpointInterval } from "./environment.js";

/** Decides after which updates a checkpoint is due. */
export class CheckpointSchedule {
  #last: number;

  constructor(
    private readonly every: CheckpointInterval,
    private readonly epochs: number,
    private readonly seconds: () => number,
  ) {
    this.#last = seconds();
  }

  isDue({ epoch, update, updates }: TrainingProgress): boolean {
    if ("seconds" in this.every) return this.seconds() - this.#last >= this.every.seconds;
    const endsEpoch = update % (updates / this.epochs) === 0;
    return endsEpoch && epoch % this.every.epochs === 0;
  }

  /** A checkpoint has been written. */
  written(): void {
    this.#last = this.seconds();
  }
}
