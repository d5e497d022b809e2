import { isPlainObject } from "./keys.js";

/** A nested configuration as pairs of a dotted path and a value; lists are values. */
export function flatConfig(config: Readonly<Record<string, unknown>>): readonly [string, unknown][] {
  const pairs: [string, unknown][] = [];
  appendPairs(config, "", pairs);
  return pairs;
}

function appendPairs(
  config: Readonly<Record<string, unknown>>,
  prefix: string,
  pairs: [string, unknown][],
): void {
  for (const [key, value] of Object.entries(config)) {
    if (isPlainObject(value)) appendPairs(value, `${prefix}${key}.`, pairs);
    else pairs.push([`${prefix}${key}`, value]);
  }
}

/** A key whose values differ; undefined where a configuration does not have it. */
export interface ConfigDifference {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Every key in which two configurations differ, in the order of the first, then of the second. */
export function configDifferences(
  left: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): readonly ConfigDifference[] {
  const [a, b] = [new Map(flatConfig(left)), new Map(flatConfig(right))];
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((path) => ({ path, left: a.get(path), right: b.get(path) }))
    .filter((entry) => JSON.stringify(entry.left) !== JSON.stringify(entry.right));
}
