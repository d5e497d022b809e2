import {
  measureSpins,
  readThermometers,
  sampleReference,
  type SpinState,
} from "../../analysis/thermometers/index.js";
import { permuteSites } from "../../analysis/controls/site-permuted.js";
import { randomOrder } from "../../analysis/controls/random-order.js";
import type { TorusShape } from "../../analysis/monte-carlo-rg/index.js";
import type { Environment } from "../../experiment/environment.js";
import { type BitMatrix, bitMatrix, rowRange } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { short } from "../number-text.js";
import { allOf, largest, within } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { datasetOf } from "../run-dataset.js";
import { judgeResiduals, type ResidualReading } from "./residual-test.js";
import { listed, NOT_MEASURED } from "./run-tables.js";

/** Relative error of a temperature that is tolerated. */
const TOLERANCE = 0.01;

/**
 * A reading is sharp enough if its error σ, relative to T, is at most a quarter of the tolerance: one that is right is then off by
 * two σ at most in 19 of 20 cases, and within with two standard deviations included. Others say nothing.
 */
const SHARP = TOLERANCE / 4;

/** Fewer configurations have no error bars. */
const LEAST_ROWS = 32;

/** Blocks of whole rounds into which the configurations of a temperature are cut, to count false rejections. */
const BLOCKS = 10;

/** What one thermometer says of configurations of a known temperature. */
export interface TemperatureReading {
  readonly thermometer: string;
  readonly exact: number;
  readonly value: number;
  readonly error: number;
}

/** (6) Thermometers on configurations of known temperatures, and the residual test on mixtures and shuffles of them. */
export async function concludeThermometers(
  runs: readonly StudyRun[],
  folder: string,
  key: SeedKey,
  { kernels, progress }: Environment,
): Promise<readonly Claim[]> {
  if (runs.length === 0) return [...judgeThermometers([]), ...judgeResiduals([])];
  const sets = runs.map((run) => ({ temperature: summaryNumber(run, "temperature"), ...datasetOf(run) }));
  const [{ lattice, rows: first, chains = null }] = sets;
  const shape: TorusShape = [lattice!.shape[0], lattice!.shape[1]];
  progress.start("scale of the thermometers", 1);
  const reference = await sampleReference(shape, first.rows, deriveKey(key, "analysis"), kernels);
  progress.finish();
  const read = (rows: BitMatrix): SpinState => readThermometers(measureSpins(rows, shape, chains), reference);
  const order = randomOrder(first.columns, deriveKey(key, "control"));
  const readings: TemperatureReading[] = [];
  const residuals: ResidualReading[] = [];
  progress.start("thermometers and residual test", sets.length);
  for (const [index, { temperature, rows }] of sets.entries()) {
    const state = read(rows);
    for (const { thermometer, temperature: told } of state.readings) {
      readings.push({ thermometer, exact: temperature, ...told });
    }
    residuals.push({ data: temperatureName(temperature), kind: "whole", pValue: state.residual.pValue });
    for (const { data, kind, rows: tried } of trials(sets, index, chains, order)) {
      residuals.push({ data, kind, pValue: read(tried).residual.pValue });
    }
    await progress.update(index + 1);
  }
  progress.finish();
  writeThermometers(readings, residuals, folder);
  return [...judgeThermometers(readings), ...judgeResiduals(residuals)];
}

interface Sampled {
  readonly temperature: number;
  readonly rows: BitMatrix;
}

interface Trial extends Pick<ResidualReading, "data" | "kind"> {
  readonly rows: BitMatrix;
}

/** What the residual test is tried on at one temperature beside all of its configurations. */
function trials(
  sets: readonly Sampled[],
  index: number,
  chains: number | null,
  order: Uint32Array,
): readonly Trial[] {
  const { temperature, rows } = sets[index];
  const name = temperatureName(temperature);
  return [
    ...blocksOf(rows, chains).map((block, number): Trial => {
      return { data: `${name}, block ${number + 1} of ${BLOCKS}`, kind: "block", rows: block };
    }),
    { data: `${name}, sites shuffled`, kind: "shuffle", rows: permuteSites(rows, order) },
    ...partners(index).map((other): Trial => {
      const data = `half ${temperatureName(sets[other].temperature)}, half ${name}`;
      const kind = other === 0 ? "mixture" : "neighbours";
      return { data, kind, rows: mixture(sets[other].rows, rows, chains) };
    }),
  ];
}

function temperatureName(temperature: number): string {
  return `T = ${short(temperature)}`;
}

/** The sets that one is mixed with: the first and the one before, that is, the coldest and the next colder one. */
function partners(index: number): readonly number[] {
  return [...new Set([0, index - 1])].filter((other) => other >= 0 && other < index);
}

/**
 * Consecutive blocks of whole rounds (row = round · chains + chain) of equal length, whatever is left over not used; blocks follow
 * one another in time, so that they are independent only as far as the rounds are.
 */
export function blocksOf(rows: BitMatrix, chains: number | null): readonly BitMatrix[] {
  const round = chains ?? 1;
  const length = Math.floor(rows.rows / round / BLOCKS) * round;
  if (length < LEAST_ROWS) return [];
  return Array.from({ length: BLOCKS }, (_, block) => rowRange(rows, block * length, length));
}

/** Half of the rounds of every chain from one temperature, half from the other. */
function mixture(a: BitMatrix, b: BitMatrix, chains: number | null): BitMatrix {
  const each = Math.floor(Math.min(a.rows, b.rows) / 2 / (chains ?? 1)) * (chains ?? 1);
  const rows = bitMatrix(2 * each, a.columns);
  const words = each * rows.wordsPerRow;
  rows.words.set(a.words.subarray(0, words));
  rows.words.set(b.words.subarray(0, words), words);
  return rows;
}

function writeThermometers(
  readings: readonly TemperatureReading[],
  residuals: readonly ResidualReading[],
  folder: string,
): void {
  writeTable(
    folder,
    "thermometers",
    ["temperature_exact", "thermometer", "temperature", "temperature_error"],
    readings.map((r) => [r.exact, r.thermometer, ...[r.value, r.error].map(finite)]),
  );
  writeTable(
    folder,
    "residual-test",
    ["data", "kind", "p"],
    residuals.map(({ data, kind, pValue }) => [data, kind, finite(pValue)]),
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The verdict on the thermometers, of the readings that are sharp enough to tell; the others are named. */
export function judgeThermometers(readings: readonly TemperatureReading[]): readonly Claim[] {
  const isSharp = ({ exact, error }: TemperatureReading): boolean => error / exact <= SHARP;
  const sharp = readings
    .filter(isSharp)
    .map(({ exact, value, error }) => ({ value: value / exact, error: error / exact }));
  const verdicts = sharp.map((each) => within(each, 1, TOLERANCE));
  const most = largest(sharp.map(({ value }) => Math.abs(value - 1)));
  const yes = verdicts.filter((verdict) => verdict === "yes").length;
  const blunt = readings.filter((reading) => !isSharp(reading));
  return [
    {
      claim: `every reading of a thermometer that is sharp enough (one standard deviation at most ${100 * SHARP} %) is the temperature of the Ising configurations (within ${100 * TOLERANCE} %, two standard deviations included)`,
      measured:
        readings.length === 0
          ? NOT_MEASURED
          : `${yes} of ${sharp.length} within, largest error ${short(100 * most)} %; of ${readings.length} readings not sharp enough: ${bluntText(blunt)}`,
      verdict: allOf(verdicts),
    },
  ];
}

/** Thermometers with the temperatures at which they say too little. */
function bluntText(blunt: readonly TemperatureReading[]): string {
  if (blunt.length === 0) return "none";
  const names = [...new Set(blunt.map(({ thermometer }) => thermometer))];
  const at = (name: string): string =>
    blunt
      .filter(({ thermometer }) => thermometer === name)
      .map(({ exact }) => short(exact))
      .join(", ");
  return listed(names.map((name) => `${name} at T = ${at(name)}`));
}
