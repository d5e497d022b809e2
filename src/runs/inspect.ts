import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { MissingInputError } from "../errors/index.js";
import { parseCsv, pathStatus, readJson, readNpy, readText } from "../io/index.js";
import { readManifest } from "./run-manifest.js";

/** What something on disk is: its kind, its facts in reading order, and what it means. */
export interface Inspection {
  readonly kind: string;
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly meaning: string;
}

/** What each kind of file of this program holds, by the start of its name. */
const meanings: readonly (readonly [pattern: RegExp, meaning: string])[] = [
  [
    /^configurations\.npy$/,
    "Ising configurations ±1, int8, shape (samples, Lx, Ly) or (samples, N); row = round · chains + chain.",
  ],
  [
    /^observables\.csv$/,
    "Observables of a dataset, per site: value, error (one σ), τ_int and effective sample size in samples, exact value, z = (value − exact)/error.",
  ],
  [
    /^metrics\.csv$/,
    "One row per layer and epoch: reconstruction error, ln Z, free energies (nats), KL per spin, D = H − H_λ averages, first-order residuals, weight size, model magnetisation. Empty = not defined or not known.",
  ],
  [
    /^weights-\d+\.csv$/,
    "Weights of a layer: a row per visible unit (site, x, y, its bias), a column per hidden unit. E = −c·v − b·h − vᵀWh: positive is ferromagnetic.",
  ],
  [/^weights-\d+\.npy$/, "Weights W of a layer, float32, shape (visible, hidden). E = −c·v − b·h − vᵀWh."],
  [/^(hidden|visible)-bias-\d+/, "Biases of a layer (b hidden, c visible) of E = −c·v − b·h − vᵀWh."],
  [
    /^receptive_fields\.csv$/,
    "One row per layer and hidden unit: centre, radius of gyration, participation ratio (sites), sign coherence |Σr|/Σ|r|, best b×b block majority and its overlap, localised (PR < 30, radius < 4).",
  ],
  [
    /^receptive-fields-\d+\.csv$/,
    "Receptive fields of a layer on the lattice (products of weights): a row per site, a column per unit; the data of the mosaic.",
  ],
  [/^losses\.csv$/, "The data of the training curves."],
  [/^summary\.csv$/, "One row: the run's main settings and final figures; rbm-rg collect joins these."],
  [/^claims\.csv$/, "Claims of a study, what was measured, and the verdict."],
  [/^config\.ya?ml$/, "The resolved configuration; rbm-rg train --config reads it back."],
  [/^[ab]\.checkpoint$/, "The state of a run in training; train goes on from it when it is run again."],
  [/^manifest\.json$/, "What was made, from what, when, and the sha256 of every output."],
];

/** Say what a dataset folder, a run folder or a file is. MissingInputError if there is nothing at `path`. */
export function inspectPath(path: string): Inspection {
  const status = pathStatus(path);
  if (status === undefined) throw new MissingInputError(`${path} does not exist.`);
  return status.isDirectory() ? inspectFolder(path) : inspectFile(path, status.size);
}

function inspectFolder(path: string): Inspection {
  const manifestPath = join(path, "manifest.json");
  if (!existsSync(manifestPath)) {
    throw new MissingInputError(
      `${path} holds no manifest.json: it is neither a dataset nor a run of rbm-rg.`,
    );
  }
  const manifest = readJson(manifestPath) as Record<string, unknown>;
  if (manifest["kind"] === "run") return inspectRun(path);
  return {
    kind: "dataset folder",
    facts: flatten({ ...manifest, files: Object.keys(manifest["files"] ?? {}).join(", ") }),
    meaning: "Configurations of an Ising model and their observables. Train on it with rbm-rg train --data.",
  };
}

function inspectRun(path: string): Inspection {
  const { config, files, ...rest } = readManifest(path);
  return {
    kind: "run folder",
    facts: [
      ...flatten(rest),
      ...flatten(config),
      ["files", `${Object.keys(files).length}, listed with sha256 in manifest.json`],
    ],
    meaning:
      "One training run. rbm-rg report writes its tables and figures again; rbm-rg collect joins many.",
  };
}

function inspectFile(path: string, bytes: number): Inspection {
  const name = basename(path);
  const meaning = meanings.find(([pattern]) => pattern.test(name))?.[1] ?? "Not a file this program writes.";
  const size: readonly [string, string] = ["bytes", String(bytes)];
  if (name.endsWith(".npy")) {
    const { dtype, shape } = readNpy(path);
    return {
      kind: "NumPy array",
      facts: [size, ["dtype", dtype], ["shape", `(${shape.join(", ")})`]],
      meaning,
    };
  }
  if (name.endsWith(".csv")) {
    const { columns, rows } = parseCsv(readText(path), path);
    const shown =
      columns.length > 24 ? `${columns.slice(0, 8).join(", ")}, … (${columns.length})` : columns.join(", ");
    return { kind: "CSV table", facts: [size, ["rows", String(rows.length)], ["columns", shown]], meaning };
  }
  return { kind: "file", facts: [size], meaning };
}

/** Nested values as `a.b: value` lines; empty values are left out. */
function flatten(value: object, prefix = ""): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, entry]): readonly (readonly [string, string])[] => {
    if (entry === null || entry === undefined) return [];
    if (Array.isArray(entry))
      return [
        [
          `${prefix}${key}`,
          entry.map((item) => (typeof item === "object" ? JSON.stringify(item) : String(item))).join(", "),
        ],
      ];
    return typeof entry === "object"
      ? flatten(entry as object, `${prefix}${key}.`)
      : [[`${prefix}${key}`, String(entry)]];
  });
}
