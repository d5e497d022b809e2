import type { FixedPointRow, FlowRow, KadanoffSurvey } from "../analysis/kadanoff/index.js";
import { formatCsv } from "../io/index.js";
import { CRITICAL_COUPLING } from "../ising/model.js";
import { type AnalysisFile, figureFiles } from "./analysis-folder.js";
import { curvesFigure, type Figure, type Series } from "./figures/index.js";

/** The part of the (K₁, K₂) plane that is drawn; the sinks of disorder lie below it. */
const WINDOW = { nearest: [0, 0.32], diagonal: [-0.1, 0.32] } as const;

/**
 * Tables and figures of Kadanoff's renormalization group, as files: fixed-points.csv, free-energy.csv, flow.csv, and figures/
 * (flow, free-energy) as SVG and PNG with their data.
 */
export async function kadanoffFiles(survey: KadanoffSurvey): Promise<readonly AnalysisFile[]> {
  return [
    ["fixed-points.csv", fixedPointsCsv(survey)],
    ["free-energy.csv", freeEnergyCsv(survey)],
    ["flow.csv", flowCsv(survey)],
    ...figureFiles("flow", await flowFigure(survey), flowCsv(survey)),
    ...figureFiles("free-energy", await freeEnergyFigure(survey), freeEnergyCsv(survey)),
  ];
}

/** What `fixedPointRow` holds. */
export const fixedPointColumns = [
  "symmetry",
  "p",
  "k1",
  "k2",
  "k4",
  "y_t",
  "y_h",
  "critical_coupling",
  ...["even_1", "even_2", "even_3", "even_4", "odd_1", "odd_2"],
] as const;

/** A fixed point with its exponents, the K_c that it gives, and the eigenvalues of its linearised map, even and odd. */
export function fixedPointRow({ fixedPoint, criticalCoupling }: FixedPointRow): (string | number)[] {
  const { symmetry, parameter, couplings, linearization } = fixedPoint;
  const { nearest, diagonal, fourSpin } = couplings;
  const { thermal, magnetic, even, odd } = linearization;
  return [
    ...[symmetry, parameter, nearest, diagonal, fourSpin, thermal, magnetic, criticalCoupling],
    ...[...even, ...odd].map(({ real }) => real),
  ];
}

function fixedPointsCsv({ fixedPoints }: KadanoffSurvey): string {
  return formatCsv(fixedPointColumns, fixedPoints.map(fixedPointRow));
}

/** The bounds on ln Z beside Onsager's solution. */
export function freeEnergyCsv({ freeEnergy }: KadanoffSurvey): string {
  return formatCsv(
    ["coupling", "log_partition_exact", "bound_fixed_p", "bound_best_p", "best_p_of_first_step"],
    freeEnergy.map(({ coupling, exact, fixed, optimal, firstParameter }) => [
      coupling,
      exact,
      fixed,
      optimal,
      firstParameter,
    ]),
  );
}

/** The couplings of every trajectory at every step. */
export function flowCsv({ flow }: KadanoffSurvey): string {
  return formatCsv(
    ["axis", "start_coupling", "step", "k1", "k2", "k4"],
    flow.map(({ axis, coupling, step, nearest, diagonal, fourSpin }) => [
      axis,
      coupling,
      step,
      nearest,
      diagonal,
      fourSpin,
    ]),
  );
}

/** Trajectories from the nearest-neighbour axis, and the critical one of K₁ = K₂, which ends in Kadanoff's fixed point. */
export function flowFigure({ flow, fixedPoints }: KadanoffSurvey): Promise<Figure> {
  const startOf = ({ axis, coupling }: FlowRow): string =>
    axis === "nearest" ? `K = ${coupling.toFixed(4)}` : `K = ${coupling.toFixed(4)}, K₁ = K₂`;
  const permutation = flow.filter(({ axis }) => axis === "permutation");
  const middle = permutation[Math.floor(permutation.length / 2)].coupling;
  const drawn = flow.filter(({ axis, coupling }) => axis === "nearest" || coupling === middle);
  const [{ fixedPoint }] = fixedPoints;
  const { nearest, diagonal } = fixedPoint.couplings;
  return curvesFigure({
    title: "Kadanoff's renormalization group: flow of the square lattice",
    subtitle:
      `from nearest neighbours alone, and from K₁ = K₂ at its critical point; p = ${fixedPoint.parameter.toFixed(6)} ` +
      `at every step`,
    xLabel: "K₁, nearest neighbours of a plaquette (dimensionless)",
    yLabel: "K₂, next-nearest neighbours (dimensionless)",
    series: [...new Set(drawn.map(startOf))].map((name): Series => {
      const points = drawn.filter((row) => startOf(row) === name).filter(isDrawn);
      return { name, x: points.map((row) => row.nearest), y: points.map((row) => row.diagonal) };
    }),
    referenceLines: [
      { axis: "x", value: nearest, label: "fixed point K₁ = K₂" },
      { axis: "y", value: diagonal },
    ],
  });
}

function isDrawn({ nearest, diagonal }: FlowRow): boolean {
  const inside = (value: number, [low, high]: readonly [number, number]): boolean =>
    value >= low && value <= high;
  return inside(nearest, WINDOW.nearest) && inside(diagonal, WINDOW.diagonal);
}

/** By how much the bounds exceed Onsager's ln Z/N. */
export function freeEnergyFigure({ freeEnergy, fixedPoints }: KadanoffSurvey): Promise<Figure> {
  const x = freeEnergy.map(({ coupling }) => coupling);
  return curvesFigure({
    title: "Upper bounds on ln Z, lower bounds on the free energy",
    subtitle: "by Kadanoff's renormalization group, above Onsager's solution of the square lattice",
    xLabel: "coupling K (dimensionless)",
    yLabel: "bound − exact ln Z per site (nats)",
    logY: true,
    series: [
      {
        name: `p = ${fixedPoints[0].fixedPoint.parameter.toFixed(4)} at every step`,
        x,
        y: freeEnergy.map(({ fixed, exact }) => fixed - exact),
      },
      {
        name: "best p for every step",
        x,
        // At K = 0 and deep in the ordered phase the bound is exact to rounding, which a logarithm would show as noise.
        y: freeEnergy.map(({ optimal, exact }) => (optimal - exact > 1e-9 ? optimal - exact : NaN)),
      },
    ],
    referenceLines: [{ axis: "x", value: CRITICAL_COUPLING, label: "K_c" }],
  });
}
