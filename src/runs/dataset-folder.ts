import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { type DataControlName, dataControls } from "../analysis/controls/index.js";
import { DataError, MissingInputError, OutputError, UsageError } from "../errors/index.js";
import {
  pathStatus,
  readJson,
  requireWritable,
  sha256File,
  writeFileAtomic,
  writeFolderAtomic,
} from "../io/index.js";
import { type Lattice, latticeName, parseLattice, torus } from "../ising/lattice.js";
import { type IsingModel, isingModel } from "../ising/model.js";
import type { SampleSet } from "../ising/sample.js";
import type { BitMatrix } from "../kernels/index.js";
import { isPlainObject } from "./config/keys.js";
import { readDataFile } from "./data-file.js";
import { type ControlledData, controlledModel } from "./dataset-control.js";
import { npyPartsOfBits, readNpyBits } from "./npy-bits.js";
import { type ObservableRow, observablesCsv } from "./observables-table.js";
import type { Provenance } from "./provenance.js";
import { VERSION } from "./version.js";

const CONFIGURATIONS = "configurations.npy";
const OBSERVABLES = "observables.csv";
const MANIFEST = "manifest.json";

/** Configurations with what is known of their origin. */
export interface Dataset {
  /** A configuration a row, a unit a column; the upper state is +1. */
  readonly rows: BitMatrix;
  /** The lattice the columns live on; null for data without a geometry. */
  readonly lattice: Lattice | null;
  /** The Ising model they were drawn from, if known. */
  readonly model: IsingModel | null;
  /** The control that they are in place of Ising configurations; absent: none. */
  readonly control?: ControlledData;
  /** The chains they were sampled by: row = round · chains + chain. Absent: not known. */
  readonly chains?: number;
  /** sha256 of the file they were read from or written to. */
  readonly sha256: string;
}

const manifestSchema = v.object({
  kind: v.literal("dataset"),
  identity: v.optional(v.string()),
  model: v.object({ lattice: v.string(), coupling: v.number(), field: v.number() }),
  control: v.optional(v.picklist(Object.keys(dataControls) as [DataControlName])),
  sampling: v.optional(v.object({ chains: v.pipe(v.number(), v.integer(), v.minValue(1)) })),
  files: v.record(v.string(), v.string()),
});

/** Where a dataset that stands alone comes from. */
export interface DatasetOrigin {
  /** See `samplingIdentity`. */
  readonly identity: string;
  readonly provenance: Provenance | null;
}

/** Everything a dataset folder says about itself. */
export interface DatasetRecord {
  /** The samples, those of a control in their place. */
  readonly set: SampleSet;
  readonly control?: DataControlName;
  readonly seed: string;
  readonly observables: readonly ObservableRow[];
  /** Largest split-R̂ over the chains; null with fewer than 50 samples a chain. */
  readonly splitRhat: number | null;
  /** Null in a run, whose own manifest says it. */
  readonly origin: DatasetOrigin | null;
}

/**
 * Write a dataset folder, complete or not at all: configurations.npy (int8, ±1, shape (samples, Lx, Ly) or
 * (samples, N)), observables.csv and manifest.json. Its parent must exist.
 */
export function writeDataset(
  path: string,
  record: DatasetRecord,
  options: { readonly replace: boolean },
): Dataset {
  const { set } = record;
  const { lattice } = set.model;
  let sha256 = "";
  writeFolderAtomic(
    path,
    (folder) => {
      const [configurations, observables] = [join(folder, CONFIGURATIONS), join(folder, OBSERVABLES)];
      writeFileAtomic(configurations, npyPartsOfBits(set.configurations, lattice.shape));
      writeFileAtomic(observables, observablesCsv(record.observables));
      sha256 = sha256File(configurations);
      const files = { [CONFIGURATIONS]: sha256, [OBSERVABLES]: sha256File(observables) };
      writeFileAtomic(join(folder, MANIFEST), `${JSON.stringify(datasetManifest(record, files), null, 2)}\n`);
    },
    options,
  );
  const { configurations: rows, chains } = set;
  return { rows, lattice, ...modelOf(set.model, record.control), chains, sha256 };
}

function datasetManifest(
  { set, control, seed, splitRhat, origin }: DatasetRecord,
  files: Record<string, string>,
) {
  const { coupling, field, lattice } = set.model;
  return {
    kind: "dataset",
    program: "rbm-rg",
    version: VERSION,
    ...(origin === null ? {} : { identity: origin.identity }),
    ...(origin?.provenance == null ? {} : { provenance: origin.provenance }),
    seed,
    model: {
      hamiltonian: "H(v) = -K sum_<ij> v_i v_j - B sum_i v_i, v = +-1, periodic",
      lattice: latticeName(lattice),
      coupling,
      temperature: coupling === 0 ? null : 1 / coupling,
      field,
    },
    ...(control === undefined ? {} : { control }),
    sampling: {
      samples: set.configurations.rows,
      algorithm: set.algorithm,
      chains: set.chains,
      step: set.stepUnit,
      thermalization: set.thermalization,
      spacing: set.spacing,
      start: set.start,
      row_order: "row = round * chains + chain",
      split_rhat: splitRhat,
    },
    files,
  };
}

/**
 * Check before sampling that a dataset may be written at `path`: nothing or an empty folder is there, or, with `force`, a
 * dataset and nothing else. OutputError otherwise.
 */
export function requireReplaceableDataset(path: string, force: boolean): void {
  if (path.trim() === "") throw new UsageError("-o needs the name of a folder.");
  requireWritable(path);
  const status = pathStatus(path);
  if (status === undefined) return;
  if (!status.isDirectory())
    throw new OutputError(`${path} is a file; expected a folder. Choose another -o.`);
  const names = readdirSync(path);
  if (names.length === 0) return;
  if (!force)
    throw new OutputError(`${path} exists. Choose another -o, or --force to replace the dataset in it.`);
  const foreign = names.find((name) => ![CONFIGURATIONS, OBSERVABLES, MANIFEST].includes(name));
  if (foreign !== undefined) {
    throw new OutputError(
      `${path} holds ${foreign}, which is not part of a dataset; it is not replaced. Choose another -o.`,
    );
  }
}

/** Whether the folder holds the dataset of that `samplingIdentity`, every file as it was written. */
export function holdsDataset(path: string, identity: string): boolean {
  if (pathStatus(join(path, MANIFEST)) === undefined) return false;
  try {
    const manifest = readFolderManifest(path);
    return manifest.identity === identity && isUnchanged(path, manifest.files);
  } catch (error) {
    if (error instanceof DataError || error instanceof MissingInputError) return false;
    throw error;
  }
}

function isUnchanged(path: string, files: Readonly<Record<string, string>>): boolean {
  return Object.entries(files).every(([name, hash]) => sha256File(join(path, name)) === hash);
}

/**
 * Read a dataset folder, or a file of configurations. MissingInputError if there is none, UsageError for another
 * ending, DataError for anything else that is wrong.
 *
 * @param path the folder, or a file .npy, .csv, .tsv or .txt, of −1 and +1 or of 0 and 1
 * @param lattice where the columns live, `40x40` or `64`; null, the default: as the data say, or nowhere
 * @param packed units that the bytes of a .npy file hold as bits; null, the default: a number is a unit
 */
export function readDataset(
  path: string,
  lattice: string | null = null,
  packed: number | null = null,
): Dataset {
  if (isDatasetFolder(path)) {
    if (packed !== null) {
      throw new DataError(`${path} is a dataset folder, which holds no packed bits; leave out data.packed.`);
    }
    const dataset = readFolder(path);
    if (lattice !== null && dataset.lattice?.shape.join() !== parseLattice(lattice).shape.join()) {
      throw new DataError(
        `${path} holds configurations of ${dataset.lattice?.shape.join("x")}, not of lattice ${lattice}.`,
      );
    }
    return dataset;
  }
  const { rows, shape } = readDataFile(path, packed);
  return {
    rows,
    lattice: fileLattice(path, rows.columns, shape, lattice),
    model: null,
    sha256: sha256File(path),
  };
}

/**
 * Read a dataset folder again if it still is what was written: every file there with the sha256 of the manifest, the
 * configurations with `sha256`. Null otherwise.
 */
export function readIntactDataset(path: string, sha256: string): Dataset | null {
  try {
    const { files } = readFolderManifest(path);
    return isUnchanged(path, files) && files[CONFIGURATIONS] === sha256 ? readFolder(path) : null;
  } catch (error) {
    if (error instanceof DataError || error instanceof MissingInputError) return null;
    throw error;
  }
}

function isDatasetFolder(path: string): boolean {
  const status = pathStatus(path);
  if (status === undefined) {
    throw new MissingInputError(
      `${path} does not exist; expected a dataset folder, or an .npy or .csv file.`,
    );
  }
  return status.isDirectory();
}

function readFolderManifest(path: string): v.InferOutput<typeof manifestSchema> {
  const file = join(path, MANIFEST);
  if (pathStatus(file) === undefined) {
    throw new MissingInputError(
      `${path} has no ${MANIFEST}, so it is no dataset; expected a folder made by rbm-rg sample, or an .npy or .csv file.`,
    );
  }
  const found = readJson(file);
  const manifest = v.safeParse(manifestSchema, found);
  if (manifest.success) return manifest.output;
  throw new DataError(
    isPlainObject(found) && found["kind"] === "run"
      ? `${path} is a run, not a dataset; the configurations of one that sampled them are in ${join(path, "data")}.`
      : `${file} is not the manifest of a dataset made by rbm-rg sample.`,
  );
}

function readFolder(path: string): Dataset {
  const { model, control, sampling, files } = readFolderManifest(path);
  const file = join(path, CONFIGURATIONS);
  const lattice = parseLattice(model.lattice);
  const rows = readNpyBits(file, (shape) => {
    if (shape.slice(1).join("x") !== model.lattice) {
      throw new DataError(
        `${file}: shape (${shape.join(", ")}) does not fit the manifest's lattice ${model.lattice}.`,
      );
    }
    return () => undefined;
  });
  const sha256 = sha256File(file);
  if (files[CONFIGURATIONS] !== sha256) {
    throw new DataError(
      `${file} has changed since it was written (its sha256 is not the manifest's). Sample it again.`,
    );
  }
  const source = isingModel(lattice, model.coupling, model.field);
  return { rows, lattice, ...modelOf(source, control), ...sampling, sha256 };
}

/** Where the configurations of a folder come from: `source`, or what a control makes of it. */
function modelOf(
  source: IsingModel,
  control: DataControlName | undefined,
): Pick<Dataset, "model" | "control"> {
  if (control === undefined) return { model: source };
  const controlled = { name: control, source };
  return { model: controlledModel(controlled), control: controlled };
}

export function fileLattice(
  path: string,
  columns: number,
  shape: readonly number[] | null,
  given: string | null,
): Lattice | null {
  if (given === null) return shape === null || Math.min(...shape) < 2 ? null : torus(shape[0], shape[1]);
  const lattice = parseLattice(given);
  if (shape !== null ? lattice.shape.join() !== shape.join() : lattice.sites !== columns) {
    const found = shape === null ? `${columns} columns` : `shape (samples, ${shape.join(", ")})`;
    throw new DataError(
      `${path} has ${found}, which does not fit lattice ${given} (${lattice.sites} sites).`,
    );
  }
  return lattice;
}
