import { canonicalJson, contentHash, sha256Hex } from "../io/index.js";
import { readMeasuredValue } from "../runs/config/measured-value.js";
import { type FlatConfig, nest } from "./flat-config.js";

/** Hexadecimal digits of the ids of tasks and shared datasets. */
const ID_DIGITS = 12;

/** What such an id looks like; nothing else may become a part of a path. */
export const idPattern = /^[0-9a-f]{12}$/;

/** The id that goes with a hash of 64 hexadecimal digits. */
export function shortId(hash: string): string {
  return hash.slice(0, ID_DIGITS);
}

/** The id of the dataset that a sampling section and a seed make. */
export function datasetId(seed: unknown, sample: unknown): string {
  return shortId(contentHash({ seed, sample }));
}

/**
 * The id of the run that a configuration makes, as it is written, name apart: that of its `runIdentity` once it is
 * resolved. `sha256` is that of the data it reads; null where it samples them. Thousands of tasks differ in few sections:
 * `spellings` keeps the canonical JSON of those that have been met.
 */
export function taskId(
  config: FlatConfig,
  sha256: string | null,
  spellings = new Map<string, string>(),
): string {
  const sections = sectionsOf(config);
  const data = sections.get("data");
  const texts = new Map([
    ["name", "null"],
    ["data", data === undefined ? "null" : canonicalJson(dataIdentity(data, sha256))],
  ]);
  for (const [name, section] of sections) {
    if (!texts.has(name)) texts.set(name, spelled(name, section, spellings));
  }
  const entries = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  // The canonical JSON of the whole.
  return shortId(
    sha256Hex(`{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`),
  );
}

/** The entries of a configuration by the first key of their paths. */
function sectionsOf(config: FlatConfig): ReadonlyMap<string, FlatConfig> {
  const sections = new Map<string, Record<string, unknown>>();
  for (const [path, value] of Object.entries(config)) {
    const dot = path.indexOf(".");
    const name = dot < 0 ? path : path.slice(0, dot);
    const section = sections.get(name) ?? {};
    section[path] = value;
    sections.set(name, section);
  }
  return sections;
}

function spelled(name: string, section: FlatConfig, spellings: Map<string, string>): string {
  const key = JSON.stringify(section);
  const known = spellings.get(key);
  if (known !== undefined) return known;
  const text = canonicalJson(nest(section)[name]);
  spellings.set(key, text);
  return text;
}

function dataIdentity(section: FlatConfig, sha256: string | null): object {
  const known = section["data.log_partition"] as number | string | undefined;
  return {
    sha256,
    lattice: section["data.lattice"] ?? null,
    ...(known === undefined ? {} : { logPartition: readMeasuredValue(known) }),
  };
}
