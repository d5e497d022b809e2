import * as v from "valibot";
import type { ConfigIssue } from "../errors/index.js";
import { canonicalJson } from "../io/index.js";
import { check } from "./check-value.js";
import type { AssignedValue, Axis, Exclusion } from "./definition.js";
import { formatValue } from "./expand.js";
import { SEED_KEY, valueSchema, writtenPath } from "./matrix.js";

const excludeSchema = v.array(
  v.record(v.string(), valueSchema, "expected keys and values, such as `- train.l1: 0`"),
  "expected a list of partial assignments, such as `- { train.l1: 0, model.hidden: 64 }`",
);

/** The `exclude` of a sweep file; entries with something wrong are recorded and left out. */
export function readExclusions(
  value: unknown,
  axes: readonly Axis[],
  unreadable: readonly string[],
  issues: ConfigIssue[],
): readonly Exclusion[] {
  const entries = check(excludeSchema, value, "exclude", issues) ?? [];
  return entries.flatMap((entry, index) => {
    const before = issues.length;
    if (Object.keys(entry).length === 0) {
      const message =
        "{}: expected keys and their values; this entry names none and would leave out every task";
      issues.push({ path: `exclude.${index}`, message });
    }
    const exclusion = Object.fromEntries(
      Object.entries(entry).map(([key, wanted]) => {
        const path = writtenPath(key);
        return [
          path,
          excludedValues(path, wanted, axes, unreadable, `exclude.${index}.${path}`, issues),
        ] as const;
      }),
    );
    const known = Object.values(exclusion).every((values) => values.length > 0);
    return known && issues.length === before ? [exclusion] : [];
  });
}

/** The values meant by one key of an exclusion: one of the key's values, or a list of them. */
function excludedValues(
  key: string,
  wanted: AssignedValue,
  axes: readonly Axis[],
  unreadable: readonly string[],
  path: string,
  issues: ConfigIssue[],
): readonly AssignedValue[] {
  const axis = axes.find(({ keys }) => keys.includes(key));
  if (axis === undefined) {
    const varied = axes.flatMap(({ keys }) => keys);
    if (!unreadable.includes(key)) {
      issues.push({
        path,
        message: `does not vary in this sweep; keys that do: ${varied.join(", ") || "none"}`,
      });
    }
    return [];
  }
  const known = new Set(axis.points.map((point) => canonicalJson(point[key])));
  const asKnown = (value: AssignedValue): AssignedValue =>
    key === SEED_KEY && typeof value === "number" ? String(value) : value;
  const whole = asKnown(wanted);
  if (known.has(canonicalJson(whole)) || !Array.isArray(whole)) {
    if (!known.has(canonicalJson(whole))) issues.push(notAValue(path, whole, axis, key));
    return [whole];
  }
  const values = (whole as readonly AssignedValue[]).map(asKnown);
  for (const value of values)
    if (!known.has(canonicalJson(value))) issues.push(notAValue(path, value, axis, key));
  return values;
}

function notAValue(path: string, value: AssignedValue, { points }: Axis, key: string): ConfigIssue {
  const values = points.slice(0, 12).map((point) => formatValue(point[key]));
  const list = `${values.join(", ")}${points.length > values.length ? ", …" : ""}`;
  return { path, message: `${formatValue(value)}: expected one of the values of ${key}: ${list}` };
}
