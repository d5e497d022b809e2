import { type FreeEnergyRow, type KadanoffSurvey, kadanoffSurvey } from "../analysis/kadanoff/index.js";
import { CRITICAL_COUPLING } from "../ising/model.js";
import { requireReplaceableAnalysis, writeAnalysisFolder } from "../report/analysis-folder.js";
import type { KadanoffFlags } from "./kadanoff.js";
import { formatTable, print, printJson } from "./output.js";

/** Exact values beside those of the map, by the names of the table's rows. */
const exactValues: Readonly<Record<string, string>> = {
  y_T: "1",
  y_H: "1.875",
  K_c: CRITICAL_COUPLING.toFixed(6),
};

/** Couplings whose bounds are printed are multiples of this; the rest is in the files. */
const PRINTED_SPACING = 0.1;

/** Compute, write if asked to, and print. */
export async function runKadanoff(flags: KadanoffFlags): Promise<void> {
  if (flags.out !== undefined) requireReplaceableAnalysis(flags.out, "kadanoff", flags.force === true);
  const survey = kadanoffSurvey();
  if (flags.out !== undefined) {
    const { kadanoffFiles } = await import("../report/write-kadanoff.js"); // draws: slow to load
    const record = { kind: "kadanoff", seed: null, inputs: [], options: {} };
    writeAnalysisFolder(flags.out, record, await kadanoffFiles(survey), { replace: true });
  }
  if (flags.json === true) {
    printJson(asJson(survey));
    return;
  }
  print(`${fixedPointTable(survey)}\n\n${freeEnergyTable(survey.freeEnergy)}`);
  if (flags.out !== undefined && flags.quiet !== true) {
    print(`\nwritten: ${flags.out}/fixed-points.csv, ${flags.out}/figures/flow.png`);
  }
}

/** Both fixed points side by side. */
function fixedPointTable({ fixedPoints }: KadanoffSurvey): string {
  const columns = fixedPoints.map(({ fixedPoint, criticalCoupling }) => {
    const { parameter, couplings, linearization } = fixedPoint;
    return {
      "p*": parameter,
      K1: couplings.nearest,
      K2: couplings.diagonal,
      K4: couplings.fourSpin,
      y_T: linearization.thermal,
      y_H: linearization.magnetic,
      "next even eigenvalue": linearization.even[2].real,
      K_c: criticalCoupling,
    };
  });
  const [first] = columns;
  return formatTable(
    ["fixed point", "K1 = K2", "K1 > K2", "exact"],
    (Object.keys(first) as (keyof typeof first)[]).map((name) => [
      name,
      ...columns.map((values) => values[name].toFixed(6)),
      exactValues[name] ?? "",
    ]),
  );
}

function freeEnergyTable(rows: readonly FreeEnergyRow[]): string {
  return formatTable(
    ["K", "ln Z/N exact", "bound, p = p*", "bound, best p"],
    rows
      .filter(({ coupling }) => coupling === CRITICAL_COUPLING || isMultiple(coupling, PRINTED_SPACING))
      .map(({ coupling, exact, fixed, optimal }) => [
        String(Number(coupling.toPrecision(6))),
        ...[exact, fixed, optimal].map((value) => value.toFixed(6)),
      ]),
  );
}

function isMultiple(value: number, unit: number): boolean {
  return Math.abs(value / unit - Math.round(value / unit)) < 1e-9;
}

/** Flat records with the names of the tables. */
function asJson({ fixedPoints, freeEnergy, flow }: KadanoffSurvey): object {
  return {
    fixedPoints: fixedPoints.map(({ fixedPoint, criticalCoupling }) => {
      const { symmetry, parameter, couplings, linearization } = fixedPoint;
      const { nearest, diagonal, fourSpin } = couplings;
      return {
        symmetry,
        parameter,
        nearest,
        diagonal,
        fourSpin,
        thermal: linearization.thermal,
        magnetic: linearization.magnetic,
        evenEigenvalues: linearization.even.map(({ real }) => real),
        oddEigenvalues: linearization.odd.map(({ real }) => real),
        criticalCoupling,
      };
    }),
    freeEnergy,
    flow,
  };
}
