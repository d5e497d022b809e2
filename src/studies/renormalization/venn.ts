import { isRbmExample } from "../../analysis/variational-rg/index.js";
import { short } from "../number-text.js";
import { allOf, largest, type Measured, smallest, type Verdict, withError } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { listed, numberOf, runTable, type TableRow } from "./run-tables.js";

/** A transformation and the sets of Liu's figure 5 it is in; null: not known. Numbers that are not known are NaN. */
export interface VennPlace {
  readonly name: string;
  readonly coupling: number;
  /** Whether it was trained, rather than written down. */
  readonly trained: boolean;
  /** Whether its joint distribution is that of an RBM. */
  readonly isRbm: boolean;
  readonly rbmFit: boolean | null;
  readonly variationalRg: boolean | null;
  readonly exactRg: boolean | null;
  readonly good: boolean | null;
  readonly independent: boolean | null;
  /** F − F_λ, nats. */
  readonly gap: number;
  /** ⟨D⟩_P, Var_P(D) and the extremes of D = H − H_λ over the configurations, nats. */
  readonly mean: Measured;
  readonly variance: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Share of the squared couplings of H′ that are near. */
  readonly nearShare: number;
  /** Share of the hidden units whose fields are localised; NaN: not trained. */
  readonly localized: number;
}

/** (2) Liu's Venn diagram as a table, and what it says of the sets. */
export function concludeVenn(runs: readonly StudyRun[], folder: string): readonly Claim[] {
  const places = new Map<string, VennPlace>();
  for (const run of runs) {
    runTable(run, "venn-diagram.csv").forEach((row, index) => {
      const place = readPlace(row, run, index === 0);
      places.set(`${place.name} ${place.coupling}`, place);
    });
  }
  const all = [...places.values()].sort((a, b) => a.coupling - b.coupling);
  writeTable(
    folder,
    "venn-diagram",
    [
      ...[
        "transformation",
        "coupling",
        "rbm",
        "rbm_fit",
        "variational_rg",
        "exact_rg",
        "good",
        "independent",
      ],
      ...["free_energy_gap", "mean_d", "mean_d_error", "variance_d", "minimum_d", "maximum_d"],
      ...["near_share", "localized_fraction"],
    ],
    all.map((p) => [
      ...[p.name, p.coupling],
      ...[p.isRbm, p.rbmFit, p.variationalRg, p.exactRg, p.good, p.independent].map(answer),
      ...[p.gap, p.mean.value, p.mean.error, p.variance, p.minimum, p.maximum],
      ...[p.nearShare, p.localized],
    ]),
  );
  return judgeVenn(all);
}

function answer(value: boolean | null): string | null {
  return value === null ? null : value ? "yes" : "no";
}

function readPlace(row: TableRow, run: StudyRun, trained: boolean): VennPlace {
  const told = (column: string): boolean | null => (row[column] === "" ? null : row[column] === "yes");
  const { l1 } = run.config.training.penalty;
  const own = `trained RBM, ${row["lattice"]}, ${row["hidden"]} hidden${l1 > 0 ? `, L1 ${l1}` : ""}`;
  return {
    name: trained ? own : row["transformation"],
    coupling: summaryNumber(run, "coupling"),
    ...{ trained, isRbm: trained || isRbmExample(row["transformation"]) },
    rbmFit: told("rbm_fit"),
    variationalRg: told("variational_rg"),
    exactRg: told("exact_rg"),
    good: told("good"),
    independent: told("independent"),
    gap: numberOf(row, "free_energy_gap"),
    mean: { value: numberOf(row, "mean_d"), error: numberOf(row, "mean_d_error") },
    variance: numberOf(row, "variance_d"),
    minimum: numberOf(row, "minimum_d"),
    maximum: numberOf(row, "maximum_d"),
    nearShare: numberOf(row, "near_share"),
    localized: trained ? summaryNumber(run, "localized_fraction_1") : NaN,
  };
}

/** Verdicts on inclusions between the sets, each of which one counterexample ends, and on the trained RBMs. */
export function judgeVenn(places: readonly VennPlace[]): readonly Claim[] {
  const trained = places.filter((place) => place.trained);
  const fits = places.filter(({ isRbm, rbmFit }) => isRbm && rbmFit === true);
  const keeps = places.filter(({ variationalRg }) => variationalRg === true);
  const unknown = trained.filter(({ rbmFit }) => rbmFit === null);
  const half = (p: VennPlace): string =>
    `${named(p)} (Var D/2, which takes its place, ${short(p.variance / 2)} nats)`;
  const notTold =
    unknown.length === 0
      ? ""
      : `; KL with its error and overfitting does not tell whether it fits: ${unknown.map(half).join("; ")}`;
  return [
    inclusion(
      "an RBM that fits its data keeps the partition function, as the trace condition Tr_h e^T = 1 asks (Mehta & Schwab's mapping, one way)",
      fits,
      ({ variationalRg }) => variationalRg,
      constantShift,
      notTold,
    ),
    inclusion(
      "up to a constant of the energy, which changes no RBM, one that fits its data meets the trace condition (D = H − H_λ is constant only for P = P_λ)",
      fits,
      ({ exactRg }) => exactRg,
    ),
    inclusion(
      "what keeps the partition function fits its data (the other way)",
      keeps,
      ({ rbmFit }) => rbmFit,
    ),
    inclusion(
      "what keeps the partition function renormalizes at all: h depends on v",
      keeps,
      ({ independent }) => (independent === null ? null : !independent),
    ),
    traceClaim(trained),
    rangeClaim(trained),
  ];
}

function named({ name, coupling }: VennPlace): string {
  return `${name}, K = ${short(coupling)}`;
}

function verdictOf(holds: boolean | null): Verdict {
  return holds === null ? "undecided" : holds ? "yes" : "no";
}

function inclusion(
  claim: string,
  members: readonly VennPlace[],
  holds: (place: VennPlace) => boolean | null,
  remark: (against: readonly VennPlace[]) => string = () => "",
  notTold = "",
): Claim {
  const against = members.filter((place) => holds(place) === false);
  const names = [
    ...new Set(against.map((p) => (p.trained ? named(p) : `${p.name}${p.isRbm ? "" : " (no RBM)"}`))),
  ];
  const found = names.length === 0 ? "no counterexample" : `but not: ${names.join("; ")}${remark(against)}`;
  return {
    claim,
    measured:
      members.length === 0
        ? `no transformation of that kind among them${notTold}`
        : `${counted(members)}, ${found}${notTold}`,
    verdict: allOf(members.map((place) => verdictOf(holds(place)))),
  };
}

/** `5 constructions at up to 4 couplings and 2 trained RBMs`: a construction is the same at every coupling. */
export function counted(places: readonly VennPlace[]): string {
  const trained = places.filter((place) => place.trained).length;
  const written = places.filter((place) => !place.trained);
  const constructions = new Set(written.map(({ name }) => name)).size;
  const couplings = new Set(written.map(({ coupling }) => coupling)).size;
  const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return [
    ...(constructions === 0
      ? []
      : [
          `${plural(constructions, "construction")} at ${couplings > 1 ? "up to " : ""}${plural(couplings, "coupling")}`,
        ]),
    ...(trained === 0 ? [] : [plural(trained, "trained RBM")]),
  ].join(" and ");
}

/** Of transformations that do not keep Z: by how much, and whether all of it is one constant. */
function constantShift(against: readonly VennPlace[]): string {
  const gaps = against.map(({ gap }) => gap);
  const shifted = against.filter(({ exactRg }) => exactRg === true);
  const range = `F − F_λ = ${short(smallest(gaps))} to ${short(largest(gaps))} nats`;
  if (shifted.length < against.length) return ` (${range})`;
  return ` (${range}, of all by a constant alone: Var D at most ${short(largest(shifted.map(({ variance }) => variance)))} nats²)`;
}

function traceClaim(trained: readonly VennPlace[]): Claim {
  return {
    claim:
      "trained RBMs meet the trace condition up to a constant: H′ is the image of the Ising model's H (Var D at most 0.002 nats² a spin, as KL/n ≤ 0.001 would make it)",
    measured: listed(
      trained.map(
        (p) =>
          `${named(p)}: D = ${withError(p.mean)}, variance ${short(p.variance)}, from ${short(p.minimum)} to ${short(p.maximum)}`,
      ),
    ),
    verdict: allOf(trained.map(({ exactRg }) => verdictOf(exactRg))),
  };
}

function rangeClaim(trained: readonly VennPlace[]): Claim {
  const told = trained.filter(({ good }) => good !== null);
  const text = (p: VennPlace): string => {
    if (p.good !== null) return short(p.nearShare);
    if (Number.isNaN(p.nearShare)) return "unknown";
    return `fields not localised (${short(100 * p.localized)} % of them), so distances say nothing`;
  };
  return {
    claim:
      "H′(h) of trained RBMs with localised fields is short-ranged (0.9 or more of the squared pair couplings within 1½ spacings of hidden units)",
    measured: listed(trained.map((p) => `${named(p)}: ${text(p)}`)),
    verdict: allOf(told.map(({ good }) => verdictOf(good))),
  };
}
