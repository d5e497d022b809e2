import { OutputError } from "../errors/index.js";
import { createFolder, requireWritable } from "../io/index.js";
import { describeAssignment } from "./expand.js";
import { sweepLayout } from "./layout.js";
import { withLock } from "./lock.js";
import { type Machine, StopRequest } from "./machine.js";
import { candidates, type Candidate, extendPlan, newPlan, type Plan, regroup } from "./plan.js";
import { findPlan, writePlan } from "./plan-file.js";
import { resolveTasks } from "./resolve-tasks.js";
import { readSweepFile, type SweepChoice } from "./sweep-file.js";

/** Tasks named in a message about a changed file. */
const NAMED = 3;

/** A sweep file, what is asked of it, and where its results go. */
export interface SweepPlace extends SweepChoice {
  readonly file: string;
  readonly folder: string;
}

/** The plan of a sweep file as it would be made anew, nothing written. ConfigError for everything wrong with it. */
export function draftPlan(place: Omit<SweepPlace, "folder">): Plan {
  const { name, wanted } = wantedTasks(place);
  return newPlan(name, wanted);
}

function wantedTasks({ file, ...choice }: Omit<SweepPlace, "folder">) {
  const reading = readSweepFile(file, choice);
  const { name } = reading.definition;
  return { name, wanted: candidates(name, resolveTasks(reading, file), file) };
}

/** A plan, and what planning did to it. */
export interface Planning {
  readonly plan: Plan;
  /** Tasks that were written into the plan now: all of a new one, the appended ones of an extended one. */
  readonly added: number;
  /** Tasks of the plan that the file no longer asks for; they stay. */
  readonly left: number;
}

/**
 * Make the plan of a sweep file and write it, or find that it is written already. A plan never changes: if the file asks
 * for other tasks, OutputError says which, unless `extend` appends the new ones. ConfigError for everything wrong with the
 * file or any task, before anything is created.
 */
export async function planSweep(
  place: SweepPlace,
  machine: Machine,
  options: { readonly extend: boolean },
): Promise<Planning> {
  const { file, folder } = place;
  const { name, wanted } = wantedTasks(place);
  const known = findPlan(folder);
  if (known !== null && isCovered(known, wanted)) return settle(known, wanted, file, folder, options);
  requireWritable(folder);
  createFolder(sweepLayout.locks(folder));
  const planning = await withLock(sweepLayout.planLock(folder), machine, new StopRequest(), () => {
    const plan = findPlan(folder);
    if (plan !== null) return settle(plan, wanted, file, folder, options);
    const fresh = newPlan(name, wanted);
    writePlan(folder, fresh);
    return { plan: fresh, added: wanted.length, left: 0 };
  });
  return planning!;
}

/** What becomes of a plan that exists. */
function settle(
  plan: Plan,
  wanted: readonly Candidate[],
  file: string,
  folder: string,
  { extend }: { readonly extend: boolean },
): Planning {
  requireSameInputs(plan, wanted, folder);
  const { added, removed, regrouped } = difference(plan, wanted);
  const changes = added.length + removed.length + regrouped.length;
  if (changes === 0) return { plan, added: 0, left: 0 };
  if (!extend) throw changed(file, folder, added, removed, regrouped);
  if (changes === removed.length) return { plan, added: 0, left: removed.length };
  const extended = extendPlan(regroup(plan, regrouped), added);
  writePlan(folder, extended);
  return { plan: extended, added: added.length, left: removed.length };
}

/** The ids of planned tasks are made of their data: other data under the same path make other tasks of all of them. */
function requireSameInputs(plan: Plan, wanted: readonly Candidate[], folder: string): void {
  const planned = new Map(plan.inputs.map(({ path, sha256 }) => [path, sha256]));
  const changed = wanted.find(
    ({ input }) => input !== null && planned.has(input.path) && planned.get(input.path) !== input.sha256,
  );
  if (changed === undefined) return;
  throw new OutputError(
    `the data ${changed.input!.path} are not those that ${sweepLayout.plan(folder)} was made with, and a plan never ` +
      `changes. Bring those back, give the sweep another name, or choose another -o.`,
  );
}

/** Whether nothing would have to be written for the plan to have all that is wanted. */
function isCovered(plan: Plan, wanted: readonly Candidate[]): boolean {
  const { added, regrouped } = difference(plan, wanted);
  return added.length + regrouped.length === 0;
}

/** What a plan has of what is wanted: tasks to add, tasks nobody asks for, and tasks that now belong to other parts. */
function difference(plan: Plan, wanted: readonly Candidate[]) {
  const planned = new Map(plan.tasks.map(({ id, parts }) => [id, parts.join()]));
  const asked = new Set(wanted.map(({ id }) => id));
  return {
    added: wanted.filter(({ id }) => !planned.has(id)),
    removed: plan.tasks.filter(({ id }) => !asked.has(id)),
    regrouped: wanted.filter(({ id, parts }) => planned.has(id) && planned.get(id) !== parts.join()),
  };
}

function changed(
  file: string,
  folder: string,
  added: readonly Candidate[],
  removed: Plan["tasks"],
  regrouped: readonly Candidate[],
): OutputError {
  const list = (tasks: readonly Pick<Candidate, "assignment">[]): string => {
    const named = tasks.slice(0, NAMED).map(({ assignment }) => describeAssignment(assignment) || "the base");
    return `${named.join("; ")}${tasks.length > NAMED ? "; …" : ""}`;
  };
  const parts = [
    added.length === 0 ? [] : [`${added.length} tasks are new (${list(added)})`],
    removed.length === 0 ? [] : [`${removed.length} planned tasks are gone (${list(removed)})`],
    regrouped.length === 0 ? [] : [`${regrouped.length} tasks belong to other parts (${list(regrouped)})`],
  ].flat();
  const remedy =
    added.length + regrouped.length === 0 ? "" : ", or append the new tasks with rbm-rg sweep plan --extend";
  return new OutputError(
    `${file} no longer asks for what ${sweepLayout.plan(folder)} says: ${parts.join(", ")}. A plan never changes. ` +
      `Give the sweep another name, choose another -o${remedy}.`,
  );
}
