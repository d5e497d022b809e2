import { kadanoffSurvey, type KadanoffSurvey } from "../../analysis/kadanoff/index.js";
import {
  fixedPointColumns,
  fixedPointRow,
  flowCsv,
  flowFigure,
  freeEnergyCsv,
  freeEnergyFigure,
} from "../../report/write-kadanoff.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { log } from "../../kernels/elementary.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { decide, largest, smallest } from "../verdicts.js";
import type { Claim } from "../study.js";
import { writeTable } from "../write-table.js";
import { listed, NOT_MEASURED } from "./run-tables.js";

/** Kadanoff's fixed point to six digits. */
export const golden = {
  parameter: 0.765983,
  nearest: 0.139717,
  diagonal: 0.139717,
  fourSpin: -0.006865,
  thermal: 1.000879,
  magnetic: 1.875316,
} as const;

/** Half a unit of the last digit. */
const ROUNDING = 5.1e-7;

/** Rounding of a bound. */
const BELOW = 1e-12;

/** Share of Onsager's K_c by which that of the map may be off. */
const NEAR_CRITICAL = 0.01;

/** b of the map: an eigenvalue λ grows as b^y. */
const SCALE = 2;

/** The fixed point that is Kadanoff's own, by the names of the golden values. */
export type KadanoffValues = Readonly<Record<keyof typeof golden, number>>;

/** What the map has beside its exponents. */
export interface KadanoffMap {
  /** Even eigenvalues at the fixed point, largest first, without that of the constant, b². */
  readonly even: readonly number[];
  /** K of nearest neighbours alone from which the map flows into its fixed point. */
  readonly criticalCoupling: number;
}

/** (4) A variational renormalization with a bound: what the name meant before RBMs. */
export async function concludeKadanoff(folder: string): Promise<readonly Claim[]> {
  const survey = kadanoffSurvey();
  const [{ fixedPoint, criticalCoupling }] = survey.fixedPoints;
  const { nearest, diagonal, fourSpin } = fixedPoint.couplings;
  const { thermal, magnetic, even } = fixedPoint.linearization;
  const values = { parameter: fixedPoint.parameter, nearest, diagonal, fourSpin, thermal, magnetic };
  await write(survey, folder);
  const map = { even: even.slice(1).map(({ real }) => real), criticalCoupling };
  return [...judgeKadanoff(values, survey.freeEnergy), ...judgeMap(map)];
}

async function write(survey: KadanoffSurvey, folder: string): Promise<void> {
  writeTable(folder, "kadanoff", fixedPointColumns, survey.fixedPoints.map(fixedPointRow));
  writeFigure(folder, "kadanoff-flow", await flowFigure(survey), flowCsv(survey));
  writeFigure(folder, "kadanoff-free-energy", await freeEnergyFigure(survey), freeEnergyCsv(survey));
}

/** Verdicts on the fixed point and on the bound. */
export function judgeKadanoff(
  values: KadanoffValues,
  freeEnergy: readonly { readonly exact: number; readonly fixed: number; readonly optimal: number }[],
): readonly Claim[] {
  const off = largest(
    (Object.keys(golden) as (keyof typeof golden)[]).map((name) => Math.abs(values[name] - golden[name])),
  );
  const least = smallest(freeEnergy.flatMap(({ exact, fixed, optimal }) => [fixed - exact, optimal - exact]));
  const most = largest(freeEnergy.map(({ exact, optimal }) => optimal - exact));
  return [
    {
      claim:
        "Kadanoff's variational RG has its fixed point at p = 0.765983, K₁ = K₂ = 0.139717, K₄ = −0.006865, with y_T = 1.000879 and y_H = 1.875316 (to six digits)",
      measured: `p = ${values.parameter.toFixed(6)}, K₁ = ${values.nearest.toFixed(6)}, K₂ = ${values.diagonal.toFixed(6)}, K₄ = ${values.fourSpin.toFixed(6)}, y_T = ${values.thermal.toFixed(6)}, y_H = ${values.magnetic.toFixed(6)}`,
      verdict: decide(off <= ROUNDING, off),
    },
    {
      claim: "its free energy is a lower bound on Onsager's at every coupling",
      measured: `ln Z/N of the bound less Onsager's: ${short(least)} to ${short(most)} nats over ${freeEnergy.length} couplings, best p for every step`,
      verdict: decide(least >= -BELOW, least),
    },
  ];
}

/** Verdicts on what the exponents do not say: how many directions are relevant, and where the critical point lies. */
export function judgeMap({ even, criticalCoupling }: KadanoffMap): readonly Claim[] {
  const relevant = even.filter((eigenvalue) => eigenvalue > 1);
  const exponent = (eigenvalue: number): string =>
    `${short(eigenvalue)} (y = ${short(log(eigenvalue) / log(SCALE))})`;
  const off = criticalCoupling / CRITICAL_COUPLING - 1;
  return [
    {
      claim:
        "at its fixed point one even direction is relevant, the temperature, as at that of the Ising model",
      measured:
        even.length === 0
          ? NOT_MEASURED
          : `${relevant.length} even eigenvalues above 1 beside that of the constant: ${listed(relevant.map(exponent), ", ")}`,
      verdict: decide(relevant.length === 1, ...even),
    },
    {
      claim: `its map has the critical coupling of nearest neighbours (K_c within ${100 * NEAR_CRITICAL} % of Onsager's)`,
      measured: `K_c = ${short(criticalCoupling)} against ${short(CRITICAL_COUPLING)}, off by ${short(100 * off)} %`,
      verdict: decide(Math.abs(off) <= NEAR_CRITICAL, off),
    },
  ];
}
