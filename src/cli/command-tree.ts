import { Command, type Option } from "commander";
import { commands } from "./commands.js";

/** A flag of a command. */
export interface FlagNode {
  /** `-o`; null without. */
  readonly short: string | null;
  /** `--out`; null without, as of -L. */
  readonly long: string | null;
  /** As help shows it: `-o, --out <folder>`. */
  readonly shown: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** The values it may take, where these are a few names; else none. */
  readonly values: readonly string[];
}

/** A command with all that can be written after it. */
export interface CommandNode {
  /** The words that call it: `["sweep", "run"]`; none for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  /** Its arguments as help shows them. */
  readonly usage: string;
  /** What its help begins with; may be empty. */
  readonly examples: string;
  readonly flags: readonly FlagNode[];
  readonly subcommands: readonly CommandNode[];
  /** Names that its argument may be; none where that is a path. */
  readonly values: readonly string[];
}

/** The whole command line: the program, its commands and theirs. Loads every command, which takes a moment. */
export async function commandTree(): Promise<CommandNode> {
  const values = await knownValues();
  const root = new Command("rbm-rg").description("Do restricted Boltzmann machines do renormalization?");
  for (const entry of commands) {
    const command = root.command(entry.name).description(entry.description);
    (await entry.load())(command);
  }
  root.option("-V, --version", "print the version");
  return nodeOf(root, [], values);
}

function nodeOf(command: Command, path: readonly string[], values: KnownValues): CommandNode {
  const help = command.createHelp();
  return {
    path,
    description: command.description(),
    usage: command.usage(),
    examples: leadOf(command),
    flags: help.visibleOptions(command).map((option) => flagOf(option, values)),
    subcommands: command.commands.map((sub) => nodeOf(sub, [...path, sub.name()], values)),
    values: values.arguments[path.join(" ")] ?? [],
  };
}

/** What help prints before its usage. */
function leadOf(command: Command): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.slice(0, Math.max(0, text.indexOf("Usage:"))).trim();
}

function flagOf(option: Option, values: KnownValues): FlagNode {
  const { short = null, long = null, flags, required, optional } = option;
  const standard = option.defaultValueDescription;
  return {
    short,
    long,
    shown: flags,
    description: option.description + (standard === undefined ? "" : ` (default: ${standard})`),
    takesValue: required || optional,
    values: required ? (values.flags[long ?? ""] ?? []) : [],
  };
}

/** Names that flags, by what follows their dashes, and arguments, by their command, may take. */
interface KnownValues {
  readonly flags: Readonly<Partial<Record<string, readonly string[]>>>;
  readonly arguments: Readonly<Partial<Record<string, readonly string[]>>>;
}

async function knownValues(): Promise<KnownValues> {
  const { configJsonSchema } = await import("../runs/config/json-schema.js");
  const { modelOptions, samplingOptions, trainingOptions } = await import("./options.js");
  const { kernelChoices } = await import("../kernels/index.js");
  const { energySigns, orientations } = await import("../runs/interchange/convention.js");
  const { studyNames } = await import("../studies/index.js");
  const { snakeCase } = await import("../runs/config/index.js");
  const { shells } = await import("./completion.js");
  const { colorChoices } = await import("./terminal.js");
  const { blockRules } = await import("../analysis/monte-carlo-rg/block-rules.js");
  const schema = configJsonSchema();
  const ofConfig = [...modelOptions, ...samplingOptions, ...trainingOptions].map(
    ({ flags, path }) =>
      [/--[\w-]+/.exec(flags)?.[0] ?? "", namesIn(schema, path.split(".").map(snakeCase))] as const,
  );
  return {
    flags: {
      ...Object.fromEntries(ofConfig.filter(([, names]) => names.length > 0)),
      "--kernels": kernelChoices,
      "--color": colorChoices,
      "--energy": energySigns,
      "--orientation": orientations,
      "--rule": Object.keys(blockRules),
      "--set": keysIn(schema, []).map((key) => `${key}=`),
      "--table": ["units", "layers", "correlations"],
    },
    arguments: { reproduce: studyNames(), completion: shells },
  };
}

/** The names that a key of the configuration may be. */
function namesIn(schema: unknown, path: readonly string[]): readonly string[] {
  const { properties, enum: names } = schema as { properties?: Record<string, unknown>; enum?: unknown[] };
  const [key, ...rest] = path;
  if (path.length > 0) return properties === undefined ? [] : namesIn(properties[key] ?? {}, rest);
  return (names ?? []).filter((name): name is string => typeof name === "string");
}

/** All keys of the configuration that take a value, `train.l1` for l1 of train. */
function keysIn(schema: unknown, path: readonly string[]): readonly string[] {
  const { properties } = schema as { properties?: Record<string, unknown> };
  if (properties === undefined) return [path.join(".")];
  return Object.entries(properties).flatMap(([key, inner]) => keysIn(inner, [...path, key]));
}
