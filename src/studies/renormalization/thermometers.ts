import {
  measureSpins,
  type MagnetizationReference,
  readThermometers,
  sampleReference,
  type SpinState,
} from "../../analysis/thermometers/index.js";
import { permuteSites } from "../../analysis/controls/site-permuted.js";
import { randomOrder } from "../../analysis/controls/random-order.js";
import type { TorusShape } from "../../analysis/monte-carlo-rg/index.js";
import type { Environment } from "../../experiment/environment.js";
import { type BitMatrix, bitMatrix } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { short } from "../number-text.js";
import { allOf, decide, type Verdict, within } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { datasetOf } from "../run-dataset.js";
import { NOT_MEASURED } from "./run-tables.js";

/** Relative error of a temperature that is tolerated; readings whose own error is larger say nothing. */
const TOLERANCE = 0.01;
/** Level of the residual test. */
const LEVEL = 0.01;

/** What one thermometer says of configurations of a known temperature. */
export interface TemperatureReading {
  readonly thermometer: string;
  readonly exact: number;
  readonly value: number;
  readonly error: number;
}

/** What the residual test says of one set of configurations. */
export interface ResidualReading {
  readonly data: string;
  /** Whether they are of one Ising model. */
  readonly isIsing: boolean;
  /** NaN where it could not be told. */
  readonly pValue: number;
}

/** (6) Thermometers on configurations of known temperatures, and the residual test on mixtures and shuffles of them. */
export async function concludeThermometers(
  runs: readonly StudyRun[],
  folder: string,
  key: SeedKey,
  { kernels, progress }: Environment,
): Promise<readonly Claim[]> {
  if (runs.length === 0) return judgeThermometers([], []);
  const sets = runs.map((run) => ({ temperature: summaryNumber(run, "temperature"), ...datasetOf(run) }));
  const [{ lattice, rows: first, chains = null }] = sets;
  const shape: TorusShape = [lattice!.shape[0], lattice!.shape[1]];
  progress.start("scale of the thermometers", 1);
  const reference = await sampleReference(shape, first.rows, deriveKey(key, "analysis"), kernels);
  progress.finish();
  const read = (rows: BitMatrix): SpinState => stateOf(rows, shape, chains, reference);
  const states = sets.map(({ rows }) => read(rows));
  const readings = states.flatMap((state, index) =>
    state.readings.map(({ thermometer, temperature }) => {
      return { thermometer, exact: sets[index].temperature, ...temperature };
    }),
  );
  const order = randomOrder(first.columns, deriveKey(key, "control"));
  const residuals: ResidualReading[] = sets.flatMap(({ temperature, rows }, index) => {
    const name = `T = ${short(temperature)}`;
    const shuffled = read(permuteSites(rows, order)).residual.pValue;
    const mixed = index === 0 ? [] : [mixture(sets[0], sets[index], chains, read)];
    return [
      { data: name, isIsing: true, pValue: states[index].residual.pValue },
      { data: `${name}, sites shuffled`, isIsing: false, pValue: shuffled },
      ...mixed,
    ];
  });
  writeThermometers(readings, residuals, folder);
  return judgeThermometers(readings, residuals);
}

function stateOf(
  rows: BitMatrix,
  shape: TorusShape,
  chains: number | null,
  reference: MagnetizationReference,
): SpinState {
  return readThermometers(measureSpins(rows, shape, chains), reference);
}

interface Sampled {
  readonly temperature: number;
  readonly rows: BitMatrix;
}

/** Half of the rounds of every chain from one temperature, half from the other. */
function mixture(
  a: Sampled,
  b: Sampled,
  chains: number | null,
  read: (rows: BitMatrix) => SpinState,
): ResidualReading {
  const each = Math.floor(Math.min(a.rows.rows, b.rows.rows) / 2 / (chains ?? 1)) * (chains ?? 1);
  const rows = bitMatrix(2 * each, a.rows.columns);
  const words = each * rows.wordsPerRow;
  rows.words.set(a.rows.words.subarray(0, words));
  rows.words.set(b.rows.words.subarray(0, words), words);
  const data = `half T = ${short(a.temperature)}, half T = ${short(b.temperature)}`;
  return { data, isIsing: false, pValue: read(rows).residual.pValue };
}

function writeThermometers(
  readings: readonly TemperatureReading[],
  residuals: readonly ResidualReading[],
  folder: string,
): void {
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  writeTable(
    folder,
    "thermometers",
    ["temperature_exact", "thermometer", "temperature", "temperature_error"],
    readings.map((r) => [r.exact, r.thermometer, known(r.value), known(r.error)]),
  );
  writeTable(
    folder,
    "residual-test",
    ["data", "ising", "p"],
    residuals.map(({ data, isIsing, pValue }) => [data, isIsing ? 1 : 0, known(pValue)]),
  );
}

/** Verdicts on the thermometers and the residual test. */
export function judgeThermometers(
  readings: readonly TemperatureReading[],
  residuals: readonly ResidualReading[],
): readonly Claim[] {
  const relative = readings.map(({ exact, value, error }) => ({
    value: value / exact,
    error: error / exact,
  }));
  const verdicts = relative.map((each) => within(each, 1, TOLERANCE));
  const told = verdicts.filter((verdict) => verdict !== "undecided");
  const sharp = relative.filter(({ error }) => 2 * error <= TOLERANCE);
  const most = Math.max(0, ...sharp.map(({ value }) => Math.abs(value - 1)));
  return [
    {
      claim: `every thermometer reads the temperature of Ising configurations (within ${100 * TOLERANCE} %, two standard deviations included)`,
      measured:
        readings.length === 0
          ? NOT_MEASURED
          : `largest error ${short(100 * most)} % of the ${sharp.length} readings that are sharp enough, of ${readings.length}; ${told.filter((v) => v === "yes").length} of ${told.length} decided ones within`,
      verdict: allOf(told),
    },
    ...judgeResiduals(residuals),
  ];
}

function judgeResiduals(residuals: readonly ResidualReading[]): readonly Claim[] {
  const rejected = (all: readonly ResidualReading[]): number =>
    all.filter(({ pValue }) => pValue < LEVEL).length;
  const told = residuals.filter(({ pValue }) => !Number.isNaN(pValue));
  const [ising, others] = [told.filter(({ isIsing }) => isIsing), told.filter(({ isIsing }) => !isIsing)];
  const missed = others.filter(({ pValue }) => !(pValue < LEVEL)).map(({ data }) => data);
  const all = (holds: boolean, count: number): Verdict => (count === 0 ? "undecided" : decide(holds, count));
  return [
    {
      claim: `the residual test takes Ising configurations for what they are (p < ${LEVEL} no more than once)`,
      measured: ising.length === 0 ? NOT_MEASURED : `${rejected(ising)} of ${ising.length} rejected`,
      verdict: all(rejected(ising) <= 1, ising.length),
    },
    {
      claim: `the residual test rejects mixtures of two temperatures and shuffled sites (p < ${LEVEL})`,
      measured:
        others.length === 0
          ? NOT_MEASURED
          : `${rejected(others)} of ${others.length} rejected${missed.length === 0 ? "" : `; not: ${missed.join("; ")}`}`,
      verdict: all(missed.length === 0, others.length),
    },
  ];
}
