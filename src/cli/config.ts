import type { Command } from "commander";
import type { RawConfig } from "../runs/config/index.js";
import {
  addCommonOptions,
  addConfigOptions,
  type CommonFlags,
  configOrigin,
  type ConfigFlags,
  layeredConfig,
} from "./options.js";
import { formatTable, print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg config show --config configs/mehta-schwab.yaml --set train.l1=0.005 --origin
  rbm-rg config schema > rbm-rg.schema.json
  rbm-rg config diff results/a results/b
`;

interface ShowFlags extends ConfigFlags {
  readonly origin?: boolean;
}

/** `rbm-rg config`: resolved configurations, where their values come from, and how they differ. */
export function configureConfig(command: Command): void {
  command.addHelpText("before", examples);
  const show = command
    .command("show")
    .description("print the configuration that the files and settings resolve to");
  addConfigOptions(show);
  addCommonOptions(show, true);
  show.option("--origin", "a table that says where each value comes from");
  show.action(runShow);
  const schema = command.command("schema").description("print the JSON Schema of a configuration file");
  schema.action(async () => {
    const { configJsonSchema } = await import("../runs/config/json-schema.js");
    printJson(configJsonSchema());
  });
  const diff = command
    .command("diff")
    .description("print the keys in which two runs or configuration files differ")
    .argument("<left>", "run folder or YAML file")
    .argument("<right>", "run folder or YAML file");
  addCommonOptions(diff, false);
  diff.action(runDiff);
}

async function runShow(flags: ShowFlags): Promise<void> {
  const { resolveConfig, writtenForm } = await import("../runs/config/index.js");
  const raw = await layeredConfig(flags, {});
  const written = writtenForm(resolveConfig(raw, configOrigin(flags)));
  if (flags.origin !== true) {
    if (flags.json === true) printJson(written);
    else print((await import("yaml")).stringify(written));
    return;
  }
  const { flatConfig } = await import("../runs/config/flat-config.js");
  const origin = await originOf(flags, raw);
  const rows = flatConfig(written).map(([path, value]) => ({ path, value, origin: origin(path) }));
  if (flags.json === true) printJson(rows);
  else {
    const cells = rows.map((row) => [row.path, JSON.stringify(row.value), row.origin]);
    print(formatTable(["key", "value", "from"], cells));
  }
}

/** Keys whose value stands under another name in the sources. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  "sample.coupling": ["sample.coupling", "sample.temperature", "sample.beta"],
};

/** Where the value of a written key comes from: the last source that gives it. */
async function originOf(flags: ShowFlags, raw: RawConfig): Promise<(path: string) => string> {
  const { camelCase, getPath, readConfigFile } = await import("../runs/config/index.js");
  const file = flags.config === undefined ? {} : readConfigFile(flags.config);
  const scaled = flags.config === undefined ? {} : readConfigFile(flags.config, flags.scale);
  const set = new Set((flags.set ?? []).map((assignment) => camelPath(assignment.split("=")[0])));
  function camelPath(path: string): string {
    return path.trim().split(".").map(camelCase).join(".");
  }
  return (written) => {
    const paths = (ALIASES[written] ?? [written]).map(camelPath);
    const given = (config: RawConfig): unknown =>
      paths.map((path) => getPath(config, path)).find((value) => value !== undefined);
    if (written === "seed" && flags.seed !== undefined) return "--seed";
    if (paths.some((path) => set.has(path))) return "--set";
    if (given(raw) === undefined) return "default";
    return JSON.stringify(given(file)) === JSON.stringify(given(scaled))
      ? String(flags.config)
      : `${flags.config}, scale ${flags.scale}`;
  };
}

async function runDiff(left: string, right: string, flags: CommonFlags): Promise<void> {
  const { configDifferences } = await import("../runs/config/flat-config.js");
  const differences = configDifferences(await writtenConfig(left), await writtenConfig(right));
  if (flags.json === true) printJson(differences);
  else if (differences.length === 0) print("no differences");
  else {
    const text = (value: unknown): string => (value === undefined ? "–" : JSON.stringify(value));
    const rows = differences.map((entry) => [entry.path, text(entry.left), text(entry.right)]);
    print(formatTable(["key", left, right], rows));
  }
}

/** The resolved configuration of a run folder or a YAML file, as it is written. */
async function writtenConfig(path: string): Promise<Record<string, unknown>> {
  const { readConfigFile, resolveConfig, writtenForm } = await import("../runs/config/index.js");
  const { pathStatus } = await import("../io/index.js");
  if (pathStatus(path)?.isDirectory() !== true) {
    return writtenForm(resolveConfig(readConfigFile(path), path));
  }
  const { manifestConfig, readManifest } = await import("../runs/run-manifest.js");
  return writtenForm(manifestConfig(readManifest(path)));
}
