import { type Command, Option } from "commander";
import { ConfigError, UsageError } from "../errors/index.js";
import type { RawConfig } from "../runs/config/index.js";

/** How the text of a flag becomes a value of the configuration. */
type Kind = "text" | "number" | "switch" | "sizes";

/** One flag and the configuration key it sets. The schema checks the value; here it is only read. */
export interface ConfigOption {
  readonly flags: string;
  readonly path: string;
  readonly kind: Kind;
  /** What it is, with its unit and default. */
  readonly description: string;
  /** The heading under which help lists it. */
  readonly group: string;
}

type MakeOption = (flags: string, path: string, kind: Kind, description: string) => ConfigOption;

const optionsOf =
  (group: string): MakeOption =>
  (flags, path, kind, description) => ({ flags, path, kind, description, group });

const ofModel = optionsOf("Ising model:");
const ofSampling = optionsOf("Sampling:");
const ofDataFile = optionsOf("Data file:");
const ofTraining = optionsOf("Training:");

/** The Ising model: how large and how cold. */
export const modelOptions: readonly ConfigOption[] = [
  ofModel("-L <side>", "sample.lattice", "text", "square torus of side × side spins, for example 40"),
  ofModel(
    "--lattice <size>",
    "sample.lattice",
    "text",
    "torus WIDTHxHEIGHT or chain LENGTH, for example 40x40 or 64",
  ),
  ofModel(
    "-K, --coupling <K>",
    "sample.coupling",
    "number",
    "reduced coupling K = J/(k_B T), for example 0.408",
  ),
  ofModel(
    "-T, --temperature <T>",
    "sample.temperature",
    "number",
    "temperature in J/k_B (or inf), for example 2.269",
  ),
  ofModel("--beta <beta>", "sample.beta", "number", "inverse temperature in 1/J, the same number as K"),
  ofModel("--field <B>", "sample.field", "number", "reduced field B = βh (default: 0)"),
];

/** How configurations are drawn. */
export const samplingOptions: readonly ConfigOption[] = [
  ofSampling("-n, --samples <n>", "sample.samples", "number", "configurations (default: 20000)"),
  ofSampling(
    "--algorithm <name>",
    "sample.algorithm",
    "text",
    "auto, metropolis, heat-bath, wolff or swendsen-wang (default: auto)",
  ),
  ofSampling(
    "--thermalization <n>",
    "sample.thermalization",
    "number",
    "steps before the first sample (default: auto)",
  ),
  ofSampling("--spacing <n>", "sample.spacing", "number", "steps between samples of a chain (default: auto)"),
  ofSampling("--start <name>", "sample.start", "text", "auto, hot, cold or mixed (default: auto)"),
  ofSampling(
    "--control <name>",
    "sample.control",
    "text",
    "data in place of the samples: none, infinite-temperature, zero-or-infinite-temperature, mean-field, site-permuted or gaussian-clone (default: none)",
  ),
];

export const samplingChains = ofSampling(
  "--chains <n>",
  "sample.chains",
  "number",
  "independent chains (default: 32)",
);

/** What is known of configurations that are read with `--data`. */
export const dataFileOptions: readonly ConfigOption[] = [
  ofDataFile(
    "--log-partition <lnZ>",
    "data.logPartition",
    "text",
    "ln Z of the distribution behind --data, nats, for example 1421.4±0.2 (or 1421.4+-0.2)",
  ),
  ofDataFile(
    "--packed <units>",
    "data.packed",
    "number",
    "--data holds so many units as bits, eight a byte: numpy.packbits(array, axis=1)",
  ),
];

/** The machine and its training. */
export const trainingOptions: readonly ConfigOption[] = [
  ofTraining(
    "--objective <name>",
    "train.objective",
    "text",
    "kl, free-energy, trace or hybrid (default: kl)",
  ),
  ofTraining(
    "--gauge <name>",
    "train.gauge",
    "text",
    "of free-energy: literal, data or model (default: literal)",
  ),
  ofTraining("--mu <x>", "train.mu", "number", "of hybrid: weight of (F − F_λ)², 1/nat (default: 1)"),
  ...dataFileOptions,
  ofTraining(
    "--hidden <sizes>",
    "model.hidden",
    "sizes",
    "hidden units, layers from the bottom up, for example 400,100,25",
  ),
  ofTraining("--units <type>", "model.units", "text", "spin (±1) or binary (0/1) units (default: spin)"),
  ofTraining("--no-bias", "model.bias", "switch", "keep all biases at zero"),
  ofTraining(
    "--estimator <name>",
    "train.estimator",
    "text",
    "model average: cd, pcd or exact (default: cd, or pcd where the objective needs the model's own averages)",
  ),
  ofTraining("--steps <k>", "train.steps", "number", "Gibbs steps per update (default: 1)"),
  ofTraining("--chains <n>", "train.chains", "number", "persistent chains of pcd (default: 100)"),
  ofTraining(
    "--epochs <n>",
    "train.epochs",
    "number",
    "passes over the data; 0 leaves the layers as they begin (default: 20)",
  ),
  ofTraining("--batch-size <n>", "train.batchSize", "number", "configurations per update (default: 100)"),
  ofTraining("--learning-rate <r>", "train.learningRate", "number", "step size (default: 0.01)"),
  ofTraining(
    "--rate-schedule <name>",
    "train.rateSchedule",
    "text",
    "constant, linear or exponential (default: constant)",
  ),
  ofTraining(
    "--final-learning-rate <r>",
    "train.finalLearningRate",
    "number",
    "rate at the end of a falling schedule",
  ),
  ofTraining("--momentum <m>", "train.momentum", "number", "momentum of sgd, β₁ of adam (default: 0.5)"),
  ofTraining("--optimizer <name>", "train.optimizer", "text", "sgd or adam (default: sgd)"),
  ofTraining("--l1 <x>", "train.l1", "number", "L1 penalty x·Σ|W| (default: 0)"),
  ofTraining(
    "--l1-form <name>",
    "train.l1Form",
    "text",
    "soft-threshold or subgradient (default: soft-threshold)",
  ),
  ofTraining("--l2 <x>", "train.l2", "number", "L2 penalty ½x·ΣW² (default: 0)"),
];

/** How a computation is done: no result depends on the number of threads. */
export function addMachineOptions(command: Command): void {
  addGroup(command, "Machine:", [
    ["--threads <n>", "threads that share the work (default: auto, one a processor, at most 8)"],
    ["--kernels <name>", "auto, wasm or reference (default: auto, wasm where it runs)"],
  ]);
}

/** A flag with a default, which help shows as it is typed. */
export function optionWithDefault(flags: string, description: string, value: string): Option {
  return new Option(flags, description).default(value, value);
}

/** Flags every command understands. */
export interface CommonFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly seed?: string;
}

/** Flags of commands that take a configuration. */
export interface ConfigFlags extends CommonFlags {
  readonly config?: string;
  readonly scale?: string;
  readonly set?: readonly string[];
}

export function addOptions(command: Command, options: readonly ConfigOption[]): void {
  for (const { flags, description, group } of options)
    command.addOption(new Option(flags, description).helpGroup(group));
}

/** Flags that help lists under a heading of their own. */
export function addGroup(
  command: Command,
  group: string,
  options: readonly (readonly [flags: string, description: string])[],
): void {
  for (const [flags, description] of options)
    command.addOption(new Option(flags, description).helpGroup(group));
}

export function addCommonOptions(command: Command, seed: boolean): void {
  if (seed) command.option("--seed <seed>", "any text; the same seed gives the same bytes (default: 1)");
  command.option("--json", "print the result as JSON");
  command.option("-q, --quiet", "no progress and no remarks");
}

export function addConfigOptions(command: Command): void {
  const group = "Configuration:";
  addGroup(command, group, [
    ["--config <file>", "read a YAML configuration; flags and --set override it"],
    ["--scale <name>", "use this entry of the configuration's `scales`"],
  ]);
  const set = new Option("--set <key=value>", "set any configuration key, for example train.l1=0.01");
  command.addOption(set.argParser(append).helpGroup(group));
}

function append(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** The flags the user gave, as a configuration. Two flags that set one key contradict. */
export async function flagsConfig(command: Command, options: readonly ConfigOption[]): Promise<RawConfig> {
  const { getPath, withPath } = await import("../runs/config/index.js");
  let config: RawConfig = {};
  for (const { flags, path, kind } of options) {
    const name = new Option(flags).attributeName();
    if (command.getOptionValueSource(name) !== "cli") continue;
    if (getPath(config, path) !== undefined) {
      throw new UsageError(
        `${flags.split(" ")[0]} contradicts another flag that sets ${path}; give one of them.`,
      );
    }
    config = withPath(config, path, readValue(flags, kind, command.getOptionValue(name)));
  }
  return config;
}

function readValue(flags: string, kind: Kind, value: unknown): unknown {
  const text = String(value);
  if (kind === "switch") return value;
  if (flags.startsWith("-L ")) return `${text}x${text}`;
  if (kind === "sizes") return text.split(",").map(numberOrText);
  return kind === "number" ? numberOrText(text) : text;
}

/** A number if it reads as one; other text is passed on, for the schema to refuse with a proper message. */
export function numberOrText(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Where the values of a layered configuration may come from, for error messages. */
export function configOrigin({ config }: ConfigFlags): string {
  return config === undefined ? "the options" : `the options and ${config}`;
}

/** Join `--config`, `--set` and the flags, the later over the earlier. */
export async function layeredConfig(flags: ConfigFlags, given: RawConfig): Promise<RawConfig> {
  const { camelCase, overlay, parseYaml, readConfigFile, withPath } = await import("../runs/config/index.js");
  if (flags.scale !== undefined && flags.config === undefined) {
    throw new UsageError("--scale chooses among the scales of a configuration file; give one with --config.");
  }
  let config = flags.config === undefined ? {} : readConfigFile(flags.config, flags.scale);
  for (const assignment of flags.set ?? []) {
    const [key, ...rest] = assignment.split("=");
    if (rest.length === 0 || key.trim() === "") {
      throw new ConfigError([
        { path: "--set", message: `"${assignment}": expected key=value, such as train.l1=0.01` },
      ]);
    }
    const path = key.trim().split(".").map(camelCase).join(".");
    const { value } = parseYaml(`value: ${rest.join("=")}`, `--set ${assignment}`);
    config = overlay(config, withPath({}, path, value));
  }
  config = overlay(config, given);
  return flags.seed === undefined ? config : overlay(config, { seed: flags.seed });
}

/** `--data` turns `--lattice` into the lattice of that file, and contradicts all else that is said of sampling. */
export async function withDataSection(data: string | undefined, given: RawConfig): Promise<RawConfig> {
  if (data === undefined) return given;
  const { getPath, overlay } = await import("../runs/config/index.js");
  const sample = getPath(given, "sample") as Record<string, unknown> | undefined;
  const { lattice, ...others } = sample ?? {};
  const contradicting = Object.keys(others);
  if (contradicting.length > 0) {
    throw new UsageError(
      `--data reads configurations; it contradicts the sampling flags for ${contradicting.join(", ")}.`,
    );
  }
  const rest = Object.fromEntries(Object.entries(given).filter(([key]) => key !== "sample"));
  return overlay(rest, { data: lattice === undefined ? { path: data } : { path: data, lattice } });
}
