import { canonicalJson } from "../io/index.js";
import type { AssignedValue, Assignment, Axis, Exclusion, SweepPart } from "./definition.js";

/** How many combinations the axes have, excluded ones included. */
export function combinationCount(axes: readonly Axis[]): number {
  return axes.reduce((product, { points }) => product * points.length, 1);
}

/** Every combination of the axes' points that no exclusion names, the last axis fastest. */
export function expandAssignments({
  axes,
  exclude,
}: Pick<SweepPart, "axes" | "exclude">): readonly Assignment[] {
  const excluded = exclude.map(matcher);
  let partial: readonly Assignment[] = [{}];
  for (const { points } of axes) {
    partial = partial.flatMap((assignment) => points.map((point) => ({ ...assignment, ...point })));
  }
  return partial.filter((assignment) => !excluded.some((matches) => matches(assignment)));
}

function matcher(exclusion: Exclusion): (assignment: Assignment) => boolean {
  const conditions = Object.entries(exclusion).map(
    ([key, values]) => [key, new Set(values.map(canonicalJson))] as const,
  );
  return (assignment) => conditions.every(([key, values]) => values.has(canonicalJson(assignment[key])));
}

/** One assignment in one line: `sample.temperature=2.3, model.hidden=[64,16]`. */
export function describeAssignment(assignment: Assignment): string {
  return Object.entries(assignment)
    .map(([key, value]) => `${key}=${formatValue(value)}`)
    .join(", ");
}

/** A value as in a sweep file; text without quotes. */
export function formatValue(value: AssignedValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
