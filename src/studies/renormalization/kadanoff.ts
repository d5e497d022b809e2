import { kadanoffSurvey, type KadanoffSurvey } from "../../analysis/kadanoff/index.js";
import {
  fixedPointColumns,
  fixedPointRow,
  flowCsv,
  flowFigure,
  freeEnergyCsv,
  freeEnergyFigure,
} from "../../report/write-kadanoff.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { decide, largest, smallest } from "../verdicts.js";
import type { Claim } from "../study.js";
import { writeTable } from "../write-table.js";

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

/** The fixed point that is Kadanoff's own, by the names of the golden values. */
export type KadanoffValues = Readonly<Record<keyof typeof golden, number>>;

/** (4) A variational renormalization with a bound: what the name meant before RBMs. */
export async function concludeKadanoff(folder: string): Promise<readonly Claim[]> {
  const survey = kadanoffSurvey();
  const [{ fixedPoint }] = survey.fixedPoints;
  const { nearest, diagonal, fourSpin } = fixedPoint.couplings;
  const { thermal, magnetic } = fixedPoint.linearization;
  const values = { parameter: fixedPoint.parameter, nearest, diagonal, fourSpin, thermal, magnetic };
  await write(survey, folder);
  return judgeKadanoff(values, survey.freeEnergy);
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
