import { isPlainObject } from "./keys.js";

/** Keys of which only one may be set; a source that sets one of them overrides all of them in the sources below it. */
const exclusiveKeys: readonly (readonly string[])[] = [
  ["sample.coupling", "sample.temperature", "sample.beta"],
];

/** A configuration as nested plain objects with camelCase keys, not yet checked. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** Lay `upper` over `lower`: objects merge key by key, everything else is replaced. */
export function overlay(lower: RawConfig, upper: RawConfig): RawConfig {
  return mergeObjects(dropOverridden(lower, upper), upper);
}

function mergeObjects(lower: RawConfig, upper: RawConfig): RawConfig {
  const merged: Record<string, unknown> = { ...lower };
  for (const [key, value] of Object.entries(upper)) {
    const below = merged[key];
    if (!isPlainObject(value) || below === undefined) merged[key] = value;
    // A section that is not one stays, for the schema to refuse.
    else if (isPlainObject(below)) merged[key] = mergeObjects(below, value);
  }
  return merged;
}

function dropOverridden(lower: RawConfig, upper: RawConfig): RawConfig {
  return exclusiveKeys
    .filter((group) => group.some((path) => getPath(upper, path) !== undefined))
    .flat()
    .reduce(withoutPath, lower);
}

/** The value at a dotted path, or undefined. */
export function getPath(config: RawConfig, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (isPlainObject(value) ? value[key] : undefined), config);
}

/** A copy with `value` at a dotted path. */
export function withPath(config: RawConfig, path: string, value: unknown): RawConfig {
  const [key, ...rest] = path.split(".");
  if (rest.length === 0) return { ...config, [key]: value };
  const below = config[key];
  return { ...config, [key]: withPath(isPlainObject(below) ? below : {}, rest.join("."), value) };
}

function withoutPath(config: RawConfig, path: string): RawConfig {
  const [key, ...rest] = path.split(".");
  const below = config[key];
  if (rest.length > 0)
    return isPlainObject(below) ? { ...config, [key]: withoutPath(below, rest.join(".")) } : config;
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));
}
