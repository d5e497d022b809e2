import type { FisherKind } from "../../analysis/fisher/states.js";
import { formatCsv } from "../../io/index.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { smallMultiplesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { field, figureTable, runTable } from "./moments.js";
import { allOf, decide, largest, type Verdict } from "../verdicts.js";

/** Below this share of the largest eigenvalue there is only rounding to draw. */
const ROUNDING = 1e-12;

/** Share by which the effective dimension may change with half of the samples: about that of the error of λ₁² from 500. */
const STABLE = 0.2;

const kinds: readonly FisherKind[] = ["marginal", "joint"];

/** The Fisher matrix of one distribution of one run. */
interface Spectrum {
  readonly run: StudyRun;
  readonly kind: FisherKind;
  readonly temperature: number;
  readonly epochs: number;
  readonly visible: number;
  readonly exact: boolean;
  readonly eigenvalues: readonly number[];
  readonly largest: number;
  readonly dimension: number;
  /** From half of the samples; NaN for an exact one. */
  readonly halved: number;
  readonly decades: number;
  readonly distance: number;
  readonly verdict: string;
}

/** The runs of the three parts about Fisher matrices. */
export interface FisherRuns {
  /** Trained alike at several temperatures. */
  readonly temperatures: readonly StudyRun[];
  /** Trained for longer and longer at T_c. */
  readonly epochs: readonly StudyRun[];
  /** Small enough to enumerate, at several temperatures. */
  readonly enumerated: readonly StudyRun[];
}

/** (d) Sloppiness of RBMs: spectra of Fisher matrices across T_c and along the training. */
export async function concludeFisher(runs: FisherRuns, folder: string): Promise<readonly Claim[]> {
  const temperatures = ordered(runs.temperatures, "temperature");
  const epochs = ordered(runs.epochs, "epochs");
  const enumerated = ordered(runs.enumerated, "temperature");
  const all = [...new Map([...temperatures, ...epochs, ...enumerated].map((s) => [key(s), s])).values()];
  if (all.length > 0) {
    await drawSpectra(temperatures, enumerated, folder);
    await drawDimensions(temperatures, epochs, folder);
    writeSpectra(all, folder);
  }
  return [
    sloppyClaim(temperatures, enumerated),
    criticalClaim(temperatures, enumerated),
    trainingClaim(epochs),
    stableClaim(all),
  ];
}

function key({ run, kind }: Spectrum): string {
  return `${run.folder} ${kind}`;
}

function ordered(runs: readonly StudyRun[], by: "temperature" | "epochs"): readonly Spectrum[] {
  return runs.flatMap(readSpectra).sort((a, b) => a[by] - b[by]);
}

function readSpectra(run: StudyRun): readonly Spectrum[] {
  const values = figureTable(run, "fisher-spectra");
  return runTable(run, "fisher.csv").map((row) => ({
    run,
    kind: row["distribution"] as FisherKind,
    // 1/K has lost the last digit of T.
    temperature: Number(field(row, "temperature").toPrecision(12)),
    epochs: field(row, "epochs"),
    visible: field(row, "visible"),
    exact: row["method"] === "enumeration",
    eigenvalues: values
      .filter((value) => value["distribution"] === row["distribution"])
      .map((value) => field(value, "eigenvalue")),
    largest: field(row, "largest_eigenvalue"),
    dimension: field(row, "effective_dimension_unbiased"),
    halved: field(row, "effective_dimension_unbiased_half"),
    decades: field(row, "decades"),
    distance: field(row, "distance_from_uniform"),
    verdict: row["verdict"],
  }));
}

function marginals(spectra: readonly Spectrum[]): readonly Spectrum[] {
  return spectra.filter(({ kind }) => kind === "marginal");
}

/** A sampled spectrum that is narrow may only lack the samples to show the rest. */
function isSloppy({ verdict, exact }: Spectrum): Verdict {
  if (verdict === "sloppy") return "yes";
  if (verdict === "broad, not uniform") return "no";
  return verdict === "narrow" && exact ? "no" : "undecided";
}

function sloppyClaim(temperatures: readonly Spectrum[], enumerated: readonly Spectrum[]): Claim {
  const spectra = [...marginals(enumerated), ...marginals(temperatures)];
  const describe = (s: Spectrum): string =>
    `n = ${s.visible}${s.exact ? ", exact" : ""}, T = ${short(s.temperature)}: ${s.verdict} (${short(s.decades)} decades, distance ${short(s.distance)})`;
  return {
    claim:
      "the Fisher matrix of a trained RBM's visible units is sloppy, its eigenvalues uniform in ln λ (distance ≤ 0.15) over three decades or more, at every temperature",
    measured: spectra.length === 0 ? "not measured at this scale" : spectra.map(describe).join("; "),
    verdict: allOf(spectra.map(isSloppy)),
  };
}

/** The temperature nearest to T_c against the others. */
/** Asked of both sizes: the sampled spectra of the larger RBMs, one seed each, and the exact ones of the small. */
function criticalClaim(sampled: readonly Spectrum[], enumerated: readonly Spectrum[]): Claim {
  const sizes = [sampled, enumerated].map(marginals).filter((spectra) => spectra.length > 1);
  return {
    claim:
      "the stiffest direction of parameter space is stiffest at T_c, of RBMs of every size (largest eigenvalue of the marginal, one seed)",
    measured:
      sizes
        .map(
          (spectra) =>
            `n = ${spectra[0].visible}: ` +
            spectra.map((s) => `T = ${short(s.temperature)}: λ₁ = ${short(s.largest)}`).join(", "),
        )
        .join("; ") || "not measured at this scale",
    verdict: sizes.length === 0 ? "undecided" : allOf(sizes.map(isStiffestAtCritical)),
  };
}

function isStiffestAtCritical(spectra: readonly Spectrum[]): Verdict {
  const distance = ({ temperature }: Spectrum): number => Math.abs(temperature * CRITICAL_COUPLING - 1);
  const [nearest, ...others] = spectra.toSorted((a, b) => distance(a) - distance(b));
  const stiffest = largest(others.map((spectrum) => spectrum.largest));
  return decide(nearest.largest > stiffest, nearest.largest, stiffest);
}

function trainingClaim(epochs: readonly Spectrum[]): Claim {
  const dimensions = kinds.map((kind) => ({
    kind,
    steps: epochs.filter((spectrum) => spectrum.kind === kind),
  }));
  const falls = dimensions.map(({ steps }): Verdict => {
    const [first, last] = [steps.at(0)?.dimension ?? NaN, steps.at(-1)?.dimension ?? NaN];
    return steps.length < 2 ? "undecided" : decide(last < first, first, last);
  });
  return {
    claim:
      "training makes fewer directions matter: the effective dimension (Tr F)²/Tr F² falls with the epochs",
    measured: dimensions
      .map(
        ({ kind, steps }) =>
          `${kind}: ${steps.map((s) => `${short(s.dimension)} after ${s.epochs}`).join(", ") || "not measured at this scale"}`,
      )
      .join("; "),
    verdict: allOf(falls),
  };
}

function stableClaim(spectra: readonly Spectrum[]): Claim {
  const sampled = spectra.filter(({ exact }) => !exact);
  const change = largest(sampled.map(({ dimension, halved }) => Math.abs(halved / dimension - 1)));
  return {
    claim: `half of the samples give the same effective dimension (within ${100 * STABLE} %)`,
    measured: `largest change over ${sampled.length} sampled spectra: ${short(100 * change)} %`,
    verdict: decide(change <= STABLE, change),
  };
}

async function drawSpectra(
  temperatures: readonly Spectrum[],
  enumerated: readonly Spectrum[],
  folder: string,
): Promise<void> {
  const panels = [
    { title: "Sampled: visible units alone", spectra: marginals(temperatures) },
    {
      title: "Sampled: visible and hidden units",
      spectra: temperatures.filter(({ kind }) => kind === "joint"),
    },
    { title: "Fewer units, exact: visible units alone", spectra: marginals(enumerated) },
  ].filter(({ spectra }) => spectra.length > 0);
  if (panels.length === 0) return;
  const figure = await smallMultiplesFigure({
    title: "Spectra of the Fisher matrix of trained RBMs",
    subtitle: "eigenvalues uniform in ln λ, as in sloppy models, lie on a straight line",
    panels: panels.map(({ title, spectra }) => ({
      title,
      xLabel: "rank",
      yLabel: "eigenvalue λ",
      logY: true,
      series: spectra.map(({ temperature, eigenvalues }) => {
        const shown = eigenvalues.filter((value) => value > ROUNDING * eigenvalues[0]);
        return { name: `T = ${short(temperature)}`, x: shown.map((_, k) => k + 1), y: shown };
      }),
    })),
  });
  const rows = panels.flatMap(({ spectra }) =>
    spectra.flatMap(({ visible, kind, temperature, eigenvalues }) =>
      eigenvalues.map((value, k) => [visible, kind, temperature, k + 1, value]),
    ),
  );
  const columns = ["visible", "distribution", "temperature", "rank", "eigenvalue"];
  writeFigure(folder, "fisher-spectra", figure, formatCsv(columns, rows));
}

async function drawDimensions(
  temperatures: readonly Spectrum[],
  epochs: readonly Spectrum[],
  folder: string,
): Promise<void> {
  const panel = (
    title: string,
    xLabel: string,
    spectra: readonly Spectrum[],
    x: (spectrum: Spectrum) => number,
    logX: boolean,
  ) => ({
    title,
    xLabel,
    yLabel: "effective dimension",
    logX,
    logY: true,
    series: kinds.flatMap((kind) => {
      const own = spectra.filter((spectrum) => spectrum.kind === kind);
      return [
        { name: kind, x: own.map(x), y: own.map(({ dimension }) => dimension) },
        { name: `${kind}, half of the samples`, x: own.map(x), y: own.map(({ halved }) => halved) },
      ];
    }),
  });
  const figure = await smallMultiplesFigure({
    title: "Effective dimension of parameter space",
    subtitle: "(Tr F)²/Tr F², without the bias of the finite number of samples",
    columns: 2,
    panels: [
      panel("After training", "temperature T (J/k_B)", temperatures, (s) => s.temperature, false),
      panel("Along the training, at T_c", "epochs", epochs, (s) => s.epochs, true),
    ],
  });
  const rows = [...temperatures, ...epochs].map((s) => [
    s.kind,
    s.temperature,
    s.epochs,
    s.dimension,
    s.halved,
  ]);
  const columns = [
    "distribution",
    "temperature",
    "epochs",
    "effective_dimension",
    "effective_dimension_half",
  ];
  writeFigure(folder, "fisher-dimension", figure, formatCsv(columns, rows));
}

function writeSpectra(spectra: readonly Spectrum[], folder: string): void {
  writeTable(
    folder,
    "fisher",
    [
      "visible",
      "hidden",
      "temperature",
      "epochs",
      "distribution",
      "method",
      "largest_eigenvalue",
      "effective_dimension",
      "effective_dimension_half",
      "decades",
      "distance_from_uniform",
      "verdict",
      "kl_per_spin",
    ],
    spectra.map((s) => [
      s.visible,
      s.run.config.hidden[0],
      s.temperature,
      s.epochs,
      s.kind,
      s.exact ? "enumeration" : "samples",
      s.largest,
      s.dimension,
      s.halved,
      s.decades,
      s.distance,
      s.verdict,
      summaryNumber(s.run, "kl_per_spin_1"),
    ]),
  );
}
