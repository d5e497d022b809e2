import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Row } from "./comparison.js";
import { benchCsv } from "./csv.js";
import { describeMachine } from "./machine.js";
import { type BenchOptions, parseOptions, usage } from "./options.js";
import { loadProgram } from "./program.js";
import type { Bench } from "./section.js";
import { sections } from "./sections/index.js";
import { tableText, verdictsText } from "./table.js";
import { Toolbox } from "./toolbox.js";

/** The folder of package.json, above the compiled bench. */
function repositoryRoot(): URL {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(resolve(folder, "package.json"))) folder = dirname(folder);
  return pathToFileURL(`${folder}/`);
}

/** Write a line to the terminal. */
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The file of the figures: a partial bench must not replace the reference. */
function outputPath({ out, partial }: BenchOptions, root: URL): string {
  if (out !== null) return resolve(out);
  return fileURLToPath(new URL(partial ? "results/bench-partial.csv" : "results/reference/bench.csv", root));
}

/** Run the chosen sections; the files are written anew after each, so that an interrupted bench keeps its figures. */
async function runBench(options: BenchOptions): Promise<void> {
  const root = repositoryRoot();
  const program = await loadProgram(root);
  const tools = new Toolbox(root);
  const cores = availableParallelism();
  const load = Number(loadavg()[0].toFixed(2));
  if (load > cores / 2)
    say(`Something else is running (load ${load}): figures on several threads will mean little.`);
  const file = outputPath(options, root);
  const rows: Row[] = [];
  const bench: Bench = {
    ...options,
    root,
    program,
    tools,
    cores,
    report: (more) => {
      rows.push(...more);
      say(tableText(more));
    },
    note: say,
  };
  const save = (): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, benchCsv(rows));
    const machine = describeMachine(program, tools, cores, load);
    writeFileSync(`${file.replace(/\.csv$/, "")}-machine.json`, `${JSON.stringify(machine, null, 2)}\n`);
  };
  try {
    for (const section of options.sections) {
      await section.run(bench);
      save();
    }
  } finally {
    tools.remove();
  }
  for (const missing of tools.missing) say(`\nnot compared, missing here: ${missing}`);
  say(verdictsText(rows));
  say(`\nwritten to ${file}`);
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) return;
  if (options.help) say(usage);
  else if (options.list) {
    for (const { name, description } of sections) say(`${name.padEnd(16)}${description}`);
  } else await runBench(options);
}

/** The options, or null after having said what is wrong with them. */
function readOptions(): BenchOptions | null {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`bench: ${(error as Error).message}\n\n${usage}`);
    process.exitCode = 64;
    return null;
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1); // threads of the kernels may still wait
}
