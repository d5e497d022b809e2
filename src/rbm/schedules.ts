import { power } from "../kernels/elementary.js";

/** A learning-rate schedule: the rate at training progress f ∈ [0, 1), from `first` to `last`. */
export type RateSchedule = (first: number, last: number, progress: number) => number;

/** Every rate schedule. A new one is a line here. */
export const rateSchedules = {
  constant: (first) => first,
  linear: (first, last, progress) => first + (last - first) * progress,
  exponential: (first, last, progress) => first * power(last / first, progress),
} as const satisfies Record<string, RateSchedule>;

/** The name of a schedule of the learning rate in the table. */
export type RateScheduleName = keyof typeof rateSchedules;
