import { flatConfig } from "../runs/config/flat-config.js";
import { isPlainObject } from "../runs/index.js";

/** A configuration as written, with one entry for every value by its dotted path; null stands for an absent key. */
export type FlatConfig = Readonly<Record<string, unknown>>;

/** `{ train: { l1: 0 } }` → `{ "train.l1": 0 }`. Lists are values. */
export function flatten(written: Readonly<Record<string, unknown>>): FlatConfig {
  const flat: Record<string, unknown> = {};
  for (const [path, value] of flatConfig(written)) flat[path] = value;
  return flat;
}

/** The configuration with its sections, keys as written. */
export function nest(flat: FlatConfig): Record<string, unknown> {
  const config = emptySection();
  for (const [path, value] of Object.entries(flat)) {
    if (value === null) continue;
    const keys = path.split(".");
    const last = keys.pop()!;
    keys.reduce(sectionIn, config)[last] = value;
  }
  return config;
}

type Section = Record<string, unknown>;

function sectionIn(section: Section, key: string): Section {
  if (!isPlainObject(section[key])) section[key] = emptySection();
  return section[key] as Section;
}

/** Without a prototype: whatever a file names its keys, they are nothing but keys. */
function emptySection(): Section {
  return Object.create(null) as Section;
}

/** The entries that all configurations have with the same value. */
export function commonEntries(configs: readonly FlatConfig[]): FlatConfig {
  const common = new Map(Object.entries(configs[0] ?? {}));
  for (const config of configs) {
    for (const [path, value] of common) if (!sameValue(config[path], value)) common.delete(path);
  }
  return Object.fromEntries(common);
}

/** What has to be laid over `common` to get `config`. */
export function ownEntries(config: FlatConfig, common: FlatConfig): FlatConfig {
  const own: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(config)) if (!sameValue(common[path], value)) own[path] = value;
  for (const path of Object.keys(common)) if (config[path] === undefined) own[path] = null;
  return own;
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
