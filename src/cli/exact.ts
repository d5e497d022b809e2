import type { Command } from "commander";
import { addCommonOptions, addOptions, type CommonFlags, flagsConfig, modelOptions } from "./options.js";
import { formatTable, print, printJson } from "./output.js";

const examples = `Examples:
  rbm-rg exact -L 40 -K 0.408
  rbm-rg exact --lattice 8x12 -T 2.0:3.0:0.25
  rbm-rg exact --lattice 64 -T 1.5 --field 0.1 --json
`;

/** One number of the table. */
interface Row {
  readonly lattice: string;
  readonly coupling: number;
  readonly quantity: string;
  readonly value: number;
  readonly method: string;
}

/** Names under which the infinite lattice's values are printed; its ξ is that of the decay along an axis. */
const infiniteQuantities = [
  ["logPartitionPerSite", "logPartitionPerSite"],
  ["energyPerSite", "energyPerSite"],
  ["specificHeat", "specificHeatPerSite"],
  ["spontaneousMagnetization", "magnetization"],
  ["axialCorrelationLength", "correlationLength"],
] as const;

/** `rbm-rg exact`: closed forms and enumerations, no sampling. */
export function configureExact(command: Command): void {
  command.addHelpText("before", examples);
  addOptions(command, modelOptions);
  addCommonOptions(command, false);
  command.action((flags: CommonFlags) => runExact(flags, command));
}

async function runExact(flags: CommonFlags, command: Command): Promise<void> {
  const { isFileSource, resolveConfig } = await import("../runs/config/index.js");
  const { spreadTemperatures } = await import("./temperature-list.js");
  const rows: Row[] = [];
  for (const { config } of spreadTemperatures(await flagsConfig(command, modelOptions))) {
    const { data } = resolveConfig(config, "the options");
    if (!isFileSource(data)) rows.push(...(await exactRows(data.lattice, data.coupling, data.field)));
  }
  if (flags.json === true) {
    printJson(rows);
    return;
  }
  if (rows.length === 0) {
    process.stderr.write(
      "rbm-rg: nothing is known exactly here: in a field, one side of a torus must be at most 12 (transfer matrix).\n",
    );
    return;
  }
  print(
    formatTable(
      ["lattice", "K", "quantity", "value", "method"],
      rows.map(({ lattice, coupling, quantity, value, method }) => [
        lattice,
        String(coupling),
        quantity,
        String(Number(value.toPrecision(14))),
        method,
      ]),
    ),
  );
}

/** The finite lattice's values, ln Z per site, then those of the infinite lattice in zero field. */
async function exactRows(name: string, coupling: number, field: number): Promise<readonly Row[]> {
  const { exactInfiniteLattice, exactReferenceTable } = await import("../ising/exact/index.js");
  const { parseLattice } = await import("../ising/lattice.js");
  const { isingModel } = await import("../ising/model.js");
  const lattice = parseLattice(name);
  const finite = exactReferenceTable(isingModel(lattice, coupling, field)).map(
    ({ quantity, value, method }) =>
      quantity === "logPartition"
        ? { lattice: name, coupling, quantity: "logPartitionPerSite", value: value / lattice.sites, method }
        : { lattice: name, coupling, quantity, value, method },
  );
  if (lattice.kind === "chain" || field !== 0 || coupling === 0) return finite;
  const infinite = exactInfiniteLattice(coupling);
  const method = "closed form (Onsager, Yang)";
  return [
    ...finite,
    ...infiniteQuantities.map(([quantity, key]) => ({
      lattice: "infinite",
      coupling,
      quantity,
      value: infinite[key],
      method,
    })),
  ];
}
