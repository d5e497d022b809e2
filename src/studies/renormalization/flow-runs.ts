import type { CsvValue } from "../../io/csv.js";
import { short } from "../number-text.js";
import type { Measured } from "../verdicts.js";
import { type StudyRun, summaryNumber } from "../study.js";
import { numberOf, runTable, type TableRow } from "./run-tables.js";

/** The thermometer that reads every state, most precisely. */
const STANDARD = "inverse-onsager";

/** A temperature that a flow leaves as it is. */
export interface FixedTemperature extends Measured {
  readonly stable: boolean;
}

/** Where one machine takes configurations of many temperatures. */
export interface RunFlow {
  /** What it was trained on: T = …, or the control; with its layers and penalty. */
  readonly name: string;
  /** Temperature of the data; NaN of controls. */
  readonly temperature: number;
  readonly machine: string;
  readonly kind: string;
  /** Of all thermometers together. */
  readonly verdict: string;
  /** The fixed points of the thermometer of the energy: temperatures where the last step's is the first's. */
  readonly fixed: readonly FixedTemperature[];
  /** The lowest and the highest temperature after the last step, by the same thermometer; Infinity where K ≤ 0. */
  readonly ends: readonly [low: number, high: number];
  /** Whether most ends are Ising states as far as the residual test tells. */
  readonly ising: boolean;
}

/** The flows of every machine of a run, from its tables. */
export function readFlows(run: StudyRun, isControl: boolean): readonly RunFlow[] {
  const verdicts = runTable(run, "flow-verdicts.csv");
  const readings = runTable(run, "flow-thermometers.csv").filter(isStandard);
  const { l1 } = run.config.training.penalty;
  const temperature = summaryNumber(run, "temperature");
  const data = isControl ? run.summary["data_control"] : `T = ${short(temperature)}`;
  const layers = run.config.hidden.length > 1 ? `, layers ${run.config.hidden.join(" and ")}` : "";
  return verdicts
    .filter(({ thermometer }) => thermometer === "all")
    .map((row) => {
      const isOwn = (other: TableRow): boolean =>
        other["machine"] === row["machine"] && other["flow"] === row["flow"];
      return {
        name: `${data}${l1 > 0 ? `, L1 ${l1}` : ""}${layers}`,
        temperature: isControl ? NaN : temperature,
        machine: row["machine"],
        kind: row["flow"],
        verdict: row["verdict"],
        fixed: verdicts
          .filter((other) => isOwn(other) && isStandard(other))
          .flatMap((point) => fixedTemperature(point)),
        ends: endsOf(readings.filter(isOwn)),
        ising: row["ising"] === "1",
      };
    });
}

function isStandard({ thermometer }: TableRow): boolean {
  return thermometer === STANDARD;
}

function fixedTemperature(row: TableRow): readonly FixedTemperature[] {
  const value = numberOf(row, "fixed_temperature");
  if (Number.isNaN(value)) return [];
  return [{ value, error: numberOf(row, "fixed_temperature_error"), stable: row["stable"] === "1" }];
}

/** NaN where nothing was read. */
function endsOf(rows: readonly TableRow[]): readonly [number, number] {
  const last = Math.max(...rows.map((row) => numberOf(row, "step")));
  const temperatures = rows
    .filter((row) => numberOf(row, "step") === last)
    .map((row) => numberOf(row, "coupling"))
    .map((coupling) => (coupling > 0 ? 1 / coupling : Infinity));
  return temperatures.length === 0 ? [NaN, NaN] : [Math.min(...temperatures), Math.max(...temperatures)];
}

/** Columns of `flowRows`. */
export const flowColumns = [
  ...(["trained_on", "machine", "flow", "verdict", "fixed_temperature", "fixed_temperature_error"] as const),
  ...(["stable", "lowest_end", "highest_end", "ising"] as const),
];

/** A row for every fixed point of a flow, one where it has none. */
export function flowRows(flow: RunFlow): readonly (readonly CsvValue[])[] {
  const points = flow.fixed.length === 0 ? [null] : flow.fixed;
  return points.map((point) => [
    ...[flow.name, flow.machine, flow.kind, flow.verdict, point?.value ?? null, known(point?.error ?? NaN)],
    ...[point === null ? null : point.stable ? 1 : 0, known(flow.ends[0]), known(flow.ends[1])],
    flow.ising ? 1 : 0,
  ]);
}

/** A number of a table; empty where there is none. */
export function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
