import * as v from "valibot";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const duration = v.pipe(v.number(), v.minValue(0));
const time = v.pipe(v.string(), v.isoTimestamp());
/** The folder of the run or dataset, as the command names it. */
const run = v.string();
/** The folder of the sweep. */
const sweep = v.string();

/** `sampling`, `training` or `report`, as in the timings of a manifest. */
const phase = v.string();

/** A task of a sweep: `task` is its id, `index` its place in the plan. */
const task = { time, sweep, task: v.string(), index: count };

const variants = [
  v.strictObject({
    event: v.literal("run-started"),
    time,
    run,
    kind: v.picklist(["run", "dataset"]),
    version: v.string(),
    /** Whether something is left of an earlier start. */
    resumed: v.boolean(),
  }),
  v.strictObject({ event: v.literal("phase-started"), time, run, phase }),
  v.strictObject({
    event: v.literal("progress"),
    time,
    run: v.optional(run),
    sweep: v.optional(sweep),
    /** For people: `training layer 1 of 2`. */
    step: v.string(),
    /** For people: `epoch 3/20`, or nothing. */
    detail: v.string(),
    /** In units of the step (samples, updates, …); of a sweep, hundredths of the tasks that are to be run. */
    done: count,
    total: count,
  }),
  v.strictObject({
    event: v.literal("epoch"),
    time,
    run,
    layer: count,
    layers: count,
    epoch: count,
    epochs: count,
    /** The other columns of the row of metrics.csv; null where that is empty. */
    metrics: v.record(v.string(), v.nullable(v.number())),
  }),
  v.strictObject({
    event: v.literal("checkpoint"),
    time,
    run,
    /** Layers that are finished; the next one is in training, or none is left. */
    finished_layers: count,
    /** Epoch under way and updates made in that layer; 0 before it begins. */
    epoch: count,
    update: count,
  }),
  v.strictObject({ event: v.literal("phase-finished"), time, run, phase, seconds: duration }),
  v.strictObject({
    event: v.literal("run-finished"),
    time,
    run,
    outcome: v.picklist(["finished", "already-finished"]),
    seconds: duration,
  }),
  v.strictObject({ event: v.literal("run-failed"), time, run, exit_code: count, message: v.string() }),
  v.strictObject({ event: v.literal("run-interrupted"), time, run, exit_code: count, message: v.string() }),
  v.strictObject({
    event: v.literal("note"),
    time,
    run: v.optional(run),
    sweep: v.optional(sweep),
    message: v.string(),
  }),
  v.strictObject({ event: v.literal("task-started"), ...task }),
  v.strictObject({ event: v.literal("task-finished"), ...task }),
  v.strictObject({ event: v.literal("task-interrupted"), ...task, exit_code: count }),
  v.strictObject({
    event: v.literal("task-failed"),
    ...task,
    exit_code: count,
    message: v.string(),
    /** The file that says more. */
    log: v.string(),
  }),
] as const;

/** One line of an events file: what happens in runs, datasets and sweeps, for dashboards and scripts. */
export const eventSchema = v.variant("event", variants);

export type WrittenEvent = v.InferOutput<typeof eventSchema>;

type Untimed<E> = E extends unknown ? Omit<E, "time"> : never;

/** An event as it is told; the sink adds the time. */
export type RunEvent = Untimed<WrittenEvent>;

/** Where events go. Never throws: a run does not fail because nobody listens. */
export type EventSink = (event: RunEvent) => void;

/** The names of all events. */
export const eventNames = variants.map(({ entries }) => entries.event.literal);
