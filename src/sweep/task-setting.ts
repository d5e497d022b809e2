import type { InputCheck } from "./input-check.js";
import type { Machine, StopRequest } from "./machine.js";
import type { Plan } from "./plan.js";
import type { TaskOptions } from "./task-options.js";

/** Where and how the tasks of a sweep are run. */
export interface TaskSetting {
  readonly plan: Plan;
  /** The sweep's folder. */
  readonly sweep: string;
  readonly machine: Machine;
  readonly options: TaskOptions;
  readonly stop: StopRequest;
  readonly inputs: InputCheck;
}
