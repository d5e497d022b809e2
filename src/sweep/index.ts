export { collectSweep, hasParts, variedKeys } from "./collect-sweep.js";
export { stopCodes } from "./child-end.js";
export type { AssignedValue, Assignment, Axis, Exclusion, SweepDefinition, SweepPart } from "./definition.js";
export { describeAssignment, expandAssignments, formatValue } from "./expand.js";
export { sweepLayout } from "./layout.js";
export { type Child, type ChildEnd, type Machine, StopRequest, type StopSignal } from "./machine.js";
export { outwaitSilence } from "./outwait.js";
export { flatTaskConfig, type Plan, type PlannedTask } from "./plan.js";
export { readPlan } from "./plan-file.js";
export { draftPlan, type Planning, planSweep, type SweepPlace } from "./planning.js";
export { removeSweep } from "./remove-sweep.js";
export { InputCheck } from "./input-check.js";
export { runSweep, type SweepOptions } from "./run-sweep.js";
export { prepareFolders, runTask, type TaskOutcome } from "./run-task.js";
export { arrayElements, arrayScript, collectScript, shellWord, type SlurmRequest } from "./slurm-script.js";
export { readSweepName, readSweepQuestion } from "./sweep-file.js";
export type { SweepOutcome } from "./sweep-work.js";
export { TaskEvents } from "./task-events.js";
export type { TaskOptions } from "./task-options.js";
export type { TaskSetting } from "./task-setting.js";
export {
  countStates,
  surveySweep,
  taskReasons,
  type TaskReason,
  type TaskState,
  type TaskStatus,
} from "./task-state.js";
