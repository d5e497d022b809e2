import { short } from "../number-text.js";
import { allOf, type Verdict } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { listed, numberOf, runTable, type TableRow } from "./run-tables.js";

/** A transformation and the sets of Liu's figure 5 it is in; null: not known. */
export interface VennPlace {
  readonly name: string;
  readonly coupling: number;
  /** Whether it was trained, rather than written down. */
  readonly trained: boolean;
  readonly rbmFit: boolean | null;
  readonly variationalRg: boolean | null;
  readonly exactRg: boolean | null;
  readonly good: boolean | null;
  readonly independent: boolean | null;
  /** Share of the squared couplings of H′ that are near; NaN: not known. */
  readonly nearShare: number;
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
  const columns = [
    "transformation",
    "coupling",
    "rbm_fit",
    "variational_rg",
    "exact_rg",
    "good",
    "independent",
  ];
  writeTable(
    folder,
    "venn-diagram",
    [...columns, "near_share"],
    all.map((p) => [
      ...[p.name, p.coupling],
      ...[p.rbmFit, p.variationalRg, p.exactRg, p.good, p.independent].map(answer),
      Number.isNaN(p.nearShare) ? null : p.nearShare,
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
    trained,
    rbmFit: told("rbm_fit"),
    variationalRg: told("variational_rg"),
    exactRg: told("exact_rg"),
    good: told("good"),
    independent: told("independent"),
    nearShare: numberOf(row, "near_share"),
  };
}

/** Verdicts on inclusions between the sets, each of which one counterexample ends, and on the trained RBMs. */
export function judgeVenn(places: readonly VennPlace[]): readonly Claim[] {
  const trained = places.filter((place) => place.trained);
  const named = (p: VennPlace): string => `${p.name}, K = ${short(p.coupling)}`;
  return [
    inclusion(
      "an RBM that fits its data keeps the partition function, as variational RG asks (Mehta & Schwab's mapping, one way)",
      places.filter(({ rbmFit }) => rbmFit === true),
      ({ variationalRg }) => variationalRg,
    ),
    inclusion(
      "what keeps the partition function fits its data (the other way)",
      places.filter(({ variationalRg }) => variationalRg === true),
      ({ rbmFit }) => rbmFit,
    ),
    inclusion(
      "what keeps the partition function renormalizes at all: h depends on v",
      places.filter(({ variationalRg }) => variationalRg === true),
      ({ independent }) => (independent === null ? null : !independent),
    ),
    {
      claim: "trained RBMs meet the trace condition up to a constant: H′ is the image of the Ising model's H",
      measured: listed(trained.map((p) => `${named(p)}: ${answer(p.exactRg) ?? "unknown"}`)),
      verdict: allOf(trained.map(({ exactRg }) => verdictOf(exactRg))),
    },
    {
      claim:
        "H′(h) of trained RBMs is short-ranged (0.9 or more of the squared pair couplings within 1½ spacings of hidden units)",
      measured: listed(trained.map((p) => `${named(p)}: ${short(p.nearShare)}`)),
      verdict: allOf(trained.filter(({ good }) => good !== null).map(({ good }) => verdictOf(good))),
    },
  ];
}

function verdictOf(holds: boolean | null): Verdict {
  return holds === null ? "undecided" : holds ? "yes" : "no";
}

function inclusion(
  claim: string,
  members: readonly VennPlace[],
  holds: (place: VennPlace) => boolean | null,
): Claim {
  const against = [...new Set(members.filter((p) => holds(p) === false).map(({ name }) => name))];
  return {
    claim,
    measured:
      members.length === 0
        ? "no transformation of that kind among them"
        : `${members.length} transformations, ${against.length === 0 ? "no counterexample" : `but not: ${against.join("; ")}`}`,
    verdict: allOf(members.map((place) => verdictOf(holds(place)))),
  };
}
