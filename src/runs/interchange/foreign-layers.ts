import { UsageError } from "../../errors/index.js";
import { pathStatus } from "../../io/index.js";
import type { UnitType } from "../../kernels/index.js";
import { conventionNames, type EnergySign, layerNames, type Orientation } from "./convention.js";
import {
  type ForeignArchive,
  type ForeignArray,
  openForeignArchive,
  readForeignArray,
} from "./read-arrays.js";

/** The arrays of one layer as they stand in the files; null: there is no such bias. */
export interface ForeignLayer {
  readonly weights: ForeignArray;
  readonly visibleBias: ForeignArray | null;
  readonly hiddenBias: ForeignArray | null;
}

/** What the user says of the files. */
export interface ForeignChoice {
  /** The name of the weights in an archive; null: by the names that are usual. */
  readonly weights: string | null;
  /** The name of the visible bias in the archive, or a file; null: by the names that are usual. */
  readonly visibleBias: string | null;
  /** The same of the hidden bias. */
  readonly hiddenBias: string | null;
  /** There are no biases, whatever else the files hold. */
  readonly noBias: boolean;
}

/** The layers of the files, from the bottom up, and what an archive says of their convention. */
export interface ForeignStack {
  readonly layers: readonly ForeignLayer[];
  readonly stated: {
    readonly units?: UnitType;
    readonly energy?: EnergySign;
    readonly orientation?: Orientation;
  };
  /** Every file that was read. */
  readonly files: readonly string[];
}

/** Names under which other programs keep these arrays. Single letters but W are not among them: b is a bias of either side. */
const usual = {
  weights: ["weights", "W", "w", "weight", "components_", "components", "kernel", "vishid"],
  visibleBias: [
    "visible_bias",
    "visible_biases",
    "visbiases",
    "visibleBias",
    "bias_visible",
    "intercept_visible_",
    "vbias",
    "v_bias",
    "bv",
    "b_v",
  ],
  hiddenBias: [
    "hidden_bias",
    "hidden_biases",
    "hidbiases",
    "hiddenBias",
    "bias_hidden",
    "intercept_hidden_",
    "hbias",
    "h_bias",
    "bh",
    "b_h",
  ],
} as const;

/** Names in our archives that are no parameters. */
const ours: readonly string[] = [...Object.values(conventionNames), layerNames.logPartitionShift];

/**
 * Read the arrays of an RBM, or of a stack: one file a layer from the bottom up, or one archive of layers `weights_1`,
 * `weights_2`, …. UsageError where it is not clear which array is what, MissingInputError and DataError as of the files.
 */
export function readForeignStack(paths: readonly string[], choice: ForeignChoice): ForeignStack {
  const named = [choice.weights, choice.visibleBias, choice.hiddenBias].some((name) => name !== null);
  if (choice.noBias && (choice.visibleBias !== null || choice.hiddenBias !== null)) {
    throw new UsageError("--no-bias contradicts --visible-bias and --hidden-bias.");
  }
  if (named && paths.length > 1) {
    throw new UsageError(
      "--weights, --visible-bias and --hidden-bias name arrays of one layer; give one file.",
    );
  }
  const opened = paths.map((path) => (/\.npz$/i.test(path) ? openForeignArchive(path) : null));
  const layers = paths.flatMap((path, index) => {
    const archive = opened[index];
    return archive === null ? [layerOfFiles(path, choice)] : layersOfArchive(archive, choice);
  });
  const [first] = opened;
  const biasFiles = [choice.visibleBias, choice.hiddenBias].filter(
    (name): name is string => name !== null && first?.names.includes(name) !== true,
  );
  return { layers, stated: commonConvention(opened), files: [...paths, ...biasFiles] };
}

/**
 * What the files say of their convention; they are read in one. UsageError where two contradict each other, or some say
 * something and others do not.
 */
function commonConvention(opened: readonly (ForeignArchive | null)[]): ForeignStack["stated"] {
  const stated = opened.map((archive) => (archive === null ? {} : statedConvention(archive)));
  const differing = stated.findIndex((other) =>
    (["units", "energy", "orientation"] as const).some((part) => other[part] !== stated[0][part]),
  );
  if (differing < 0) return stated[0];
  const said = (index: number): string => Object.values(stated[index]).join(", ") || "nothing";
  throw new UsageError(
    `file ${differing + 1} says of its convention: ${said(differing)}, file 1: ${said(0)}. ` +
      "Write all layers in one convention, or as one archive; files of other conventions cannot be read together.",
  );
}

function layerOfFiles(path: string, { weights, visibleBias, hiddenBias }: ForeignChoice): ForeignLayer {
  if (weights !== null) {
    throw new UsageError(`--weights ${weights} names an array of a .npz archive, which ${path} is not.`);
  }
  const bias = (file: string | null): ForeignArray | null => (file === null ? null : readForeignArray(file));
  return {
    weights: readForeignArray(path),
    visibleBias: bias(visibleBias),
    hiddenBias: bias(hiddenBias),
  };
}

function layersOfArchive(archive: ForeignArchive, choice: ForeignChoice): readonly ForeignLayer[] {
  const { names } = archive;
  if (choice.weights === null && names.includes(`${layerNames.weights}_1`)) {
    requireStack(archive, choice);
    const layers: ForeignLayer[] = [];
    for (let layer = 1; names.includes(`${layerNames.weights}_${layer}`); layer++) {
      const read = (name: string): ForeignArray | null => archive.read(`${name}_${layer}`);
      layers.push({
        weights: read(layerNames.weights)!,
        visibleBias: choice.noBias ? null : read(layerNames.visibleBias),
        hiddenBias: choice.noBias ? null : read(layerNames.hiddenBias),
      });
    }
    return layers;
  }
  if (choice.weights !== null && !names.includes(choice.weights)) {
    throw new UsageError(`--weights ${choice.weights}: ${archive.path} holds ${listed(names)}.`);
  }
  for (const name of [choice.visibleBias, choice.hiddenBias]) {
    if (name === null || names.includes(name) || pathStatus(name) !== undefined) continue;
    throw new UsageError(
      `no bias "${name}": ${archive.path} holds ${listed(names)}, and there is no file of that name.`,
    );
  }
  const weights = choice.weights ?? usualName(archive, "weights") ?? onlyName(names);
  const visibleBias = choice.noBias ? null : (choice.visibleBias ?? usualName(archive, "visibleBias"));
  const hiddenBias = choice.noBias ? null : (choice.hiddenBias ?? usualName(archive, "hiddenBias"));
  if (weights === null || !names.includes(weights)) {
    throw new UsageError(
      `${archive.path} holds ${listed(names)}; say with --weights which of them is the weight matrix.`,
    );
  }
  const used = [weights, visibleBias, hiddenBias];
  const left = names.filter((name) => !used.includes(name) && !ours.includes(name));
  if (left.length > 0 && !choice.noBias && (visibleBias === null || hiddenBias === null)) {
    const missing = [
      ...(visibleBias === null ? ["--visible-bias"] : []),
      ...(hiddenBias === null ? ["--hidden-bias"] : []),
    ];
    throw new UsageError(
      `${archive.path} also holds ${listed(left)}; say with ${missing.join(" and ")} which of them is that bias, or ` +
        "--no-bias if there are none.",
    );
  }
  const bias = (name: string | null): ForeignArray | null =>
    name === null ? null : (archive.read(name) ?? readForeignArray(name));
  return [{ weights: archive.read(weights)!, visibleBias: bias(visibleBias), hiddenBias: bias(hiddenBias) }];
}

/** Layers of `weights_1`, `weights_2`, … come with their own biases, and none may be missing between them. */
function requireStack({ path, names }: ForeignArchive, { visibleBias, hiddenBias }: ForeignChoice): void {
  if (visibleBias !== null || hiddenBias !== null) {
    throw new UsageError(
      `${path} holds a stack ${layerNames.weights}_1, … with biases of the same numbers; --visible-bias and --hidden-bias ` +
        "are for a single layer, which --weights names.",
    );
  }
  const pattern = new RegExp(`^${layerNames.weights}_\\d+$`);
  const count = names.filter((name) => pattern.test(name)).length;
  const missing = Array.from({ length: count }, (_, index) => `${layerNames.weights}_${index + 1}`).find(
    (name) => !names.includes(name),
  );
  if (missing !== undefined) {
    throw new UsageError(
      `${path} holds ${count} arrays ${layerNames.weights}_N, but no ${missing}; number the layers from 1 on.`,
    );
  }
}

/** The one array of a kind that has a usual name. UsageError if several have. */
function usualName({ path, names }: ForeignArchive, kind: keyof typeof usual): string | null {
  const found = names.filter((name) => (usual[kind] as readonly string[]).includes(name));
  if (found.length < 2) return found.at(0) ?? null;
  const flag = { weights: "--weights", visibleBias: "--visible-bias", hiddenBias: "--hidden-bias" }[kind];
  throw new UsageError(`${path} holds ${listed(found)}; say with ${flag} which of them it is.`);
}

function onlyName(names: readonly string[]): string | null {
  return names.length === 1 ? names[0] : null;
}

function listed(names: readonly string[]): string {
  return names
    .slice(0, 12)
    .map((name) => JSON.stringify(name.slice(0, 60)))
    .join(", ");
}

function statedConvention(archive: ForeignArchive): ForeignStack["stated"] {
  const number = (name: string): number | undefined => archive.read(name)?.data.at(0);
  const low = number(conventionNames.lowerState);
  const sign = number(conventionNames.energySign);
  const hiddenFirst = number(conventionNames.hiddenFirst) ?? sklearnOrder(archive.names);
  return {
    ...(low === undefined ? {} : { units: low === 0 ? "binary" : "spin" }),
    ...(sign === undefined ? {} : { energy: sign > 0 ? "plus" : "minus" }),
    ...(hiddenFirst === undefined
      ? {}
      : { orientation: hiddenFirst === 1 ? "hidden-visible" : "visible-hidden" }),
  };
}

/** scikit-learn has a row of `components_` for each hidden unit. */
function sklearnOrder(names: readonly string[]): number | undefined {
  return names.includes("components_") && !names.some((name) => ["weights", "W"].includes(name))
    ? 1
    : undefined;
}
