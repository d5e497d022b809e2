import type { Flow, FlowAnalysis, ThermometerVerdict, Trajectory } from "../../analysis/flow/index.js";
import { couplingChange } from "../../analysis/flow/index.js";
import { thermometerNames } from "../../analysis/thermometers/index.js";
import { type CsvValue, formatCsv } from "../../io/index.js";
import type { Measured } from "../../statistics/index.js";

/** 1/K, `inf` at K = 0; empty where K is not known. */
function temperature(coupling: number): CsvValue {
  if (Number.isNaN(coupling)) return null;
  return coupling === 0 ? "inf" : 1 / coupling;
}

/** K that is not above zero by so many standard deviations has no temperature that means something. */
const LEAST_DEVIATIONS = 2;

/** 1/K and its error σ_K/K²; nothing where K cannot be told from 0, 0 without an error where K is infinite. */
function measuredTemperature({ value, error }: Measured): readonly CsvValue[] {
  if (value === Infinity) return [0, null];
  if (!(value > LEAST_DEVIATIONS * error)) return [null, null];
  return [1 / value, error / (value * value)];
}

/** A number, `inf` where it is not finite, empty where there is none. */
function number(value: number): CsvValue {
  if (Number.isNaN(value)) return null;
  return Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf";
}

const start = ({ machine, kind }: Flow, { start: coupling }: Trajectory): readonly CsvValue[] => [
  machine,
  kind,
  coupling,
  temperature(coupling),
];

const startColumns = ["machine", "flow", "start_coupling", "start_temperature"];

/** thermometers.csv: one row per flow, start, step and thermometer. */
export function thermometersCsv({ flows }: FlowAnalysis): string {
  const values = ["coupling", "coupling_error", "temperature", "temperature_error"];
  return formatCsv(
    [...startColumns, "step", "lattice", "thermometer", ...values],
    flows.flatMap((flow) =>
      flow.trajectories.flatMap((trajectory) =>
        trajectory.points.flatMap(({ step, shape, state }) =>
          state.readings.map(({ thermometer, coupling }) => [
            ...[...start(flow, trajectory), step, shape.join("x"), thermometer],
            ...[number(coupling.value), number(coupling.error), ...measuredTemperature(coupling)],
          ]),
        ),
      ),
    ),
  );
}

/** Residuals that may be absent, in the order of their columns. */
const residualNames = ["diagonal", "plaquette", "inverse-onsager", "abs-magnetization"] as const;

/** states.csv: one row per flow, start and step: what the configurations are, and the residual test. */
export function statesCsv({ flows }: FlowAnalysis): string {
  const residualColumns = residualNames.flatMap((name) => {
    const column = `residual_${name.replaceAll("-", "_")}`;
    return [column, `${column}_error`];
  });
  const means = ["nearest_correlation", "nearest_correlation_error", "abs_magnetization"];
  return formatCsv(
    [
      ...[...startColumns, "step", "lattice", ...means, "abs_magnetization_error"],
      ...["residual_statistic", "residual_p", ...residualColumns],
    ],
    flows.flatMap((flow) =>
      flow.trajectories.flatMap((trajectory) =>
        trajectory.points.map(({ step, shape, state }) => [
          ...[...start(flow, trajectory), step, shape.join("x")],
          ...[state.nearestCorrelation.value, state.nearestCorrelation.error],
          ...[state.absMagnetization.value, state.absMagnetization.error],
          ...[number(state.residual.statistic), number(state.residual.pValue)],
          ...residualNames.flatMap((name) => {
            const found = state.residual.residuals.find((residual) => residual.name === name);
            return found === undefined ? [null, null] : [number(found.value), number(found.error)];
          }),
        ]),
      ),
    ),
  );
}

/** changes.csv, the data of the figures of changes: one row per flow, start and thermometer. */
export function changesCsv(flows: readonly Flow[]): string {
  return formatCsv(
    [...startColumns, "thermometer", "change", "change_error"],
    flows.flatMap((flow) =>
      flow.trajectories.flatMap((trajectory) =>
        thermometerNames.flatMap((thermometer) => {
          const found = couplingChange(trajectory, thermometer);
          if (found === null) return [];
          return [[...start(flow, trajectory), thermometer, found.change.value, found.change.error]];
        }),
      ),
    ),
  );
}

/** verdicts.csv: for each flow a row that sums it up, then for each thermometer a row per fixed point, or one without. */
export function verdictsCsv({ flows }: FlowAnalysis): string {
  return formatCsv(
    [
      ...["machine", "flow", "thermometer", "verdict", "fixed_temperature", "fixed_temperature_error"],
      ...["fixed_coupling", "fixed_coupling_error", "between_low", "between_high", "stable"],
      ...["growing", "shrinking", "unchanged", "rejected", "tested", "ising", "words"],
    ],
    flows.flatMap(({ machine, kind, verdict }) => [
      [
        ...[machine, kind, "all", verdict.kind, ...Array.from({ length: 10 }, () => null)],
        ...[verdict.rejected, verdict.tested, verdict.isIsing ? 1 : 0, verdict.words],
      ],
      ...verdict.thermometers.flatMap((each) =>
        fixedPointRows(each).map((row) => [
          ...[machine, kind, each.thermometer, each.kind, ...row],
          ...[each.growing, each.shrinking, each.unchanged, null, null, null, null],
        ]),
      ),
    ]),
  );
}

function fixedPointRows({ fixedPoints }: ThermometerVerdict): readonly (readonly CsvValue[])[] {
  if (fixedPoints.length === 0) return [Array.from({ length: 7 }, () => null)];
  return fixedPoints.map(({ coupling: { value, error }, between, stable }) => [
    ...[1 / value, error / (value * value), value, error, between[0], between[1], stable ? 1 : 0],
  ]);
}

/** layouts.csv: where the hidden units of the trained layers were put, a row per unit. */
export function layoutsCsv({ layouts }: FlowAnalysis): string {
  return formatCsv(
    ["layer", "lattice", "x", "y", "unit", "sign", "displacement"],
    layouts.flatMap(({ shape, units, signs, displacement }, index) =>
      Array.from(units, (unit, site): readonly CsvValue[] => [
        ...[index + 1, shape.join("x"), Math.floor(site / shape[1]), site % shape[1]],
        ...[unit, signs[site], displacement],
      ]),
    ),
  );
}
