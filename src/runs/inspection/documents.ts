import * as v from "valibot";
import { readJson, readText } from "../../io/index.js";
import { processState } from "../../io/processes.js";
import { parseYaml, snakeCase } from "../config/index.js";
import { isPlainObject, renameKeys } from "../config/keys.js";
import { type Fact, type FileFacts, flatten } from "./inspection.js";

/** A JSON or YAML document that is known by its content, wherever it lies. */
export interface DocumentFacts extends FileFacts {
  /** What it is; null where only the path can tell. */
  readonly meaning: string | null;
}

const holderSchema = v.object({
  host: v.string(),
  pid: v.number(),
  boot: v.nullable(v.string()),
  ticks: v.nullable(v.number()),
});

/** What a JSON file holds. DataError if it is none. */
export function jsonFacts(path: string): DocumentFacts {
  const value = readJson(path);
  if (!isPlainObject(value)) return { kind: "JSON document", facts: [], meaning: null };
  if (value["kind"] === "sweep") return { ...planFacts(value), meaning: null };
  if ("$schema" in value) {
    return {
      kind: "JSON Schema",
      facts: [],
      meaning:
        "The JSON Schema of a configuration file, as rbm-rg config schema prints it; editors check with it.",
    };
  }
  const { files, ...rest } = value;
  const count: readonly Fact[] = isPlainObject(files)
    ? [["files", `${Object.keys(files).length}, with sha256`]]
    : [];
  return { kind: "JSON document", facts: [...flatten(rest), ...count], meaning: null };
}

/** The plan of a sweep: its name, how many tasks it has, and what they have in common. */
export function planFacts({ name, version, common, tasks }: Record<string, unknown>): FileFacts {
  return {
    kind: "plan of a sweep",
    facts: [
      ...flatten({ name, version, tasks: Array.isArray(tasks) ? tasks.length : 0 }),
      ...(isPlainObject(common) ? flatten(common) : []),
    ],
  };
}

/** Who holds a lock, and whether that process still lives. A lock just made may be empty for a moment. */
export function lockFacts(path: string): FileFacts {
  const text = readText(path);
  const value: unknown = text.trim() === "" ? {} : readJson(path);
  const holder = v.safeParse(holderSchema, value);
  const words = { alive: "runs", dead: "has ended", elsewhere: "on another host, cannot be seen from here" };
  return {
    kind: "lock",
    facts: [
      ...(isPlainObject(value) ? flatten(value) : []),
      ["process", holder.success ? words[processState(holder.output)] : "not named"],
    ],
  };
}

/** What a YAML file holds: a configuration or a sweep. ConfigError if it is neither. */
export function yamlFacts(path: string): DocumentFacts {
  const value = parseYaml(readText(path), path);
  const facts = flatten(renameKeys(value, snakeCase) as object);
  if (["base", "matrix", "parts", "seeds", "exclude"].some((key) => key in value)) {
    return { kind: "sweep file", facts, meaning: "A sweep: rbm-rg sweep plan and run read it." };
  }
  const known = ["sample", "data", "model", "train"].some((key) => key in value);
  return {
    kind: known ? "configuration" : "YAML document",
    facts,
    meaning: known ? "A configuration: rbm-rg train --config reads it." : null,
  };
}
