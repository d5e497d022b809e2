import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags, optionWithDefault } from "./options.js";
import { print, printJson } from "./output.js";

interface FieldsFlags extends CommonFlags, MachineFlags {
  readonly layer?: string;
  readonly table: string;
  readonly output?: string;
}

const TABLES = ["units", "layers", "correlations"] as const;

type Table = (typeof TABLES)[number];

const examples = `Examples:
  rbm-rg fields results/mehta-schwab > fields.csv
  rbm-rg fields results/mehta-schwab --table layers
  rbm-rg fields results/mehta-schwab --layer 2 --table correlations -o correlations.csv
`;

/** `rbm-rg fields`: the receptive fields of a run and their measures as tables. */
export function configureFields(command: Command): void {
  command
    .argument("<run>", "run folder, finished or running")
    .addHelpText("before", examples)
    .option("--layer <n>", "this layer only, counted from 1 (default: all)")
    .addOption(
      optionWithDefault(
        "--table <name>",
        "units (a row per hidden unit), layers (a row per layer: medians, tiling, nulls) or correlations " +
          "(hidden units against the distance of their centres)",
        "units",
      ),
    )
    .option("-o, --output <file>", "write the table there (default: stdout)");
  addMachineOptions(command);
  addCommonOptions(command, false);
  command.action((run: string, flags: FieldsFlags) => runFields(run, flags));
}

async function runFields(run: string, flags: FieldsFlags): Promise<void> {
  const table = readTable(flags.table);
  const layer = readLayer(flags.layer);
  const { withEnvironment } = await import("./environment.js");
  const { readRunFields } = await import("../report/run-fields.js");
  const layers = await withEnvironment(flags, ({ kernels }) =>
    Promise.resolve(readRunFields(run, layer, kernels)),
  );
  const { correlationRecords, correlationsCsv, layerRow, layersCsv } =
    await import("../report/layers-table.js");
  const { receptiveFieldsCsv, unitRecords } = await import("../report/receptive-fields-table.js");
  const tables: Readonly<Record<Table, () => string>> = {
    units: () => receptiveFieldsCsv(layers),
    layers: () => layersCsv(layers),
    correlations: () => correlationsCsv(layers),
  };
  if (flags.json === true) {
    printJson({
      run,
      units: unitRecords(layers),
      layers: layers.map((each) => Object.fromEntries(layerRow(each))),
      correlations: correlationRecords(layers),
    });
  } else if (flags.output === undefined) print(tables[table]());
  if (flags.output !== undefined) {
    const { writeFileAtomic } = await import("../io/index.js");
    writeFileAtomic(flags.output, tables[table]());
  }
}

function readTable(text: string): Table {
  const table = TABLES.find((name) => name === text);
  if (table === undefined) throw new UsageError(`--table ${text}: expected one of ${TABLES.join(", ")}.`);
  return table;
}

function readLayer(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d*$/.test(text)) {
    throw new UsageError(`--layer ${text}: expected the number of a layer, counted from 1 at the bottom.`);
  }
  return Number(text);
}
