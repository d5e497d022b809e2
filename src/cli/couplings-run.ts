import { join } from "node:path";
import { defaultCouplings } from "../analysis/couplings/defaults.js";
import { pathStatus } from "../io/index.js";
import { seedKey } from "../random/index.js";
import { requireReplaceableAnalysis, writeAnalysisFolder } from "../report/analysis-folder.js";
import { couplingsFiles } from "../report/couplings/couplings-report.js";
import { answer, couplingRows, UNDETERMINED } from "../report/couplings/couplings-tables.js";
import {
  type CouplingRow,
  type CouplingsSubject,
  measureCouplings,
} from "../report/couplings/measure-couplings.js";
import { type VennRow, vennRows } from "../report/couplings/venn-rows.js";
import { layerHash, type MetricsRow, readMetrics, runLayout } from "../runs/index.js";
import { readTrainedLayers, requireLayer } from "../runs/trained-layer.js";
import { readCount } from "./count-option.js";
import type { CouplingsFlags } from "./couplings.js";
import { withEnvironment } from "./environment.js";
import { significant, withError } from "../statistics/number-text.js";
import { formatTable, print, printJson } from "./output.js";

/** Steps of the progress. */
const SHARES = 1000;

/** Pairs up to this distance are printed; the rest is in the files. */
const PRINTED_DISTANCE = 3.5;

/** Couplings that a warning names. */
const NAMED = 3;

/** Measure, write and print. */
export async function runCouplings(run: string, flags: CouplingsFlags): Promise<void> {
  const layer = readCount("--layer", flags.layer, 1, 1);
  const options = {
    reach: readCount("--reach", flags.reach, 1, defaultCouplings.reach),
    rows: readCount("--rows", flags.rows, 2, defaultCouplings.rows),
    largestWeights: readCount("--largest", flags.largest, 0, Infinity),
  };
  const folder = flags.out ?? join(run, "couplings");
  const { subject, name } = readSubject(run, layer);
  requireReplaceableAnalysis(folder, "couplings", flags.force === true);
  const seed = flags.seed ?? "1";
  await withEnvironment(flags, async ({ kernels, progress }) => {
    progress.start("expanding Hamiltonians", SHARES);
    const couplings = await measureCouplings(subject, options, seedKey(seed), kernels, (share) =>
      progress.update(Math.floor(SHARES * share)),
    );
    progress.finish();
    const venn = vennRows(name, subject, couplings.hidden, metricsOf(run), options.rows, kernels);
    const coupling = layer === 1 ? (subject.dataset.model?.coupling ?? null) : null;
    const files = await couplingsFiles({ name, couplings, venn, coupling });
    const inputs = [{ path: run, sha256: null }];
    const recorded = {
      layer,
      ...options,
      largestWeights: flags.largest === undefined ? "all" : options.largestWeights,
    };
    const record = {
      kind: "couplings",
      seed,
      inputs,
      options: { ...recorded, weights: layerHash(run, layer) },
    };
    writeAnalysisFolder(folder, record, files, { replace: true });
    const rows = couplingRows(couplings);
    const doubt = undeterminedNote(rows, Math.min(options.rows, subject.dataset.rows.rows));
    if (doubt !== null) progress.note(doubt);
    if (flags.json === true) printJson({ folder, couplings: rows, venn_diagram: venn });
    else if (flags.quiet !== true) print(describe(rows, venn, folder));
  });
}

function readSubject(run: string, layer: number): { subject: CouplingsSubject; name: string } {
  const { layers, config, dataset } = readTrainedLayers(run);
  requireLayer(run, layer, layers.length);
  return { subject: { layers: layers.slice(0, layer), dataset }, name: config.name };
}

/** None where a run has not been trained here. */
function metricsOf(run: string): readonly MetricsRow[] {
  return pathStatus(runLayout.metrics(run)) === undefined ? [] : readMetrics(run);
}

/** That a fit found no maximum, why and what to do; null where it did. */
function undeterminedNote(rows: readonly CouplingRow[], configurations: number): string | null {
  const fitted = rows.filter(({ method }) => method === "pseudo-likelihood");
  const unknown = fitted.filter(({ determined }) => !determined);
  if (unknown.length === 0) return null;
  return (
    `pseudo-likelihood does not determine ${unknown.length} of ${fitted.length} couplings of the hidden spins ` +
    `(${firstOf(unknown.map(({ name }) => name))}): their products are always the same, or never contradicted, in ` +
    `${configurations} configurations. Take more configurations (--rows) or a smaller --reach.`
  );
}

function firstOf(names: readonly string[]): string {
  return names.length > NAMED ? `${names.slice(0, NAMED).join("; ")}; …` : names.join("; ");
}

function describe(rows: readonly CouplingRow[], venn: readonly VennRow[], folder: string): string {
  const shown = rows.filter(({ order, distance }) => order !== 2 || !(distance > PRINTED_DISTANCE));
  const couplings = formatTable(
    ["spins", "method", "term", "distance", "products", "J", "spread"],
    shown
      .slice(0, 60)
      .map((row) => [
        ...[row.side, row.method, row.name, Number.isNaN(row.distance) ? "–" : row.distance.toFixed(2)],
        ...[String(row.sets), row.determined ? couplingText(row) : UNDETERMINED],
        row.method === "expansion" ? short(row.deviation) : "",
      ]),
  );
  const diagram = formatTable(
    [
      ...["transformation", "lattice", "RBM fit", "VRG", "exact RG", "good"],
      ...["KL (nats)", "F − F_λ (nats)", "Var D (nats²)"],
    ],
    venn.map((row) => [
      ...[row.transformation, row.lattice],
      ...[row.rbmFit, row.variationalRg, row.exactRg, row.good].map((each) => answer(each) ?? "–"),
      ...[row.divergence, row.gap, row.trace?.variance ?? null].map((value) =>
        value === null ? "–" : short(value),
      ),
    ]),
  );
  const flagged = venn.filter(({ independent }) => independent === true).map((row) => row.transformation);
  const remark =
    flagged.length === 0 ? "" : `\nh does not depend on v, nothing is renormalized: ${flagged.join("; ")}`;
  return `${couplings}${venn.length === 0 ? "" : `\n\n${diagram}${remark}`}\n\nwritten: ${folder}/effective-hamiltonian.csv`;
}

function couplingText({ method, coupling, error }: CouplingRow): string {
  return method === "expansion" ? short(coupling) : withError(coupling, error);
}

function short(value: number): string {
  return Math.abs(value) < 1e-9 ? "0" : significant(value, 4);
}
