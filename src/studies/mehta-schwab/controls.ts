import { short, withInterval } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";

/** Columns of tables/controls.csv: columns of summary.csv for every layer. */
const columns = [
  "localized_fraction",
  "beyond_null_fraction",
  "dead_units",
  "participation_ratio",
  "participation_ratio_lower",
  "participation_ratio_upper",
  "core_radius",
  "core_radius_lower",
  "core_radius_upper",
  "shuffled_radius_lower",
  "shuffled_radius_upper",
  "radius_of_gyration",
  "block_overlap",
] as const;

/** What chance allows: the share of untrained fields beyond the null, and how many standard deviations more is more. */
const NULL_SHARE = 0.025;
const DEVIATIONS = 4;

/** Relative difference below which two medians are called the same, beside overlapping intervals. */
const SAME = 0.1;

/** The controls of the data, and the untrained stack, beside the stack. */
export function concludeControls(
  stack: StudyRun,
  controls: readonly StudyRun[],
  untrained: readonly StudyRun[],
  folder: string,
): readonly Claim[] {
  if (controls.length + untrained.length === 0) return [];
  const named = [
    { name: "none", run: stack },
    ...controls.map((run) => ({ name: run.summary["data_control"] ?? "none", run })),
    ...untrained.map((run) => ({ name: "untrained", run })),
  ];
  writeTable(
    folder,
    "controls",
    ["control", "layer", ...columns],
    named.flatMap(({ name, run }) =>
      run.config.hidden.map((_, index) => [
        name,
        index + 1,
        ...columns.map((column) => summaryNumber(run, `${column}_${index + 1}`)),
      ]),
    ),
  );
  const find = (wanted: string): StudyRun | undefined => named.find(({ name }) => name === wanted)?.run;
  return [
    ...permuted(stack, find("site-permuted")),
    ...clone(stack, find("gaussian-clone")),
    ...nulls([find("infinite-temperature"), find("untrained")]),
  ];
}

function value(run: StudyRun, name: string): number {
  return summaryNumber(run, `${name}_1`);
}

function interval(run: StudyRun, name: string): string {
  return withInterval(value(run, name), value(run, `${name}_lower`), value(run, `${name}_upper`));
}

function isSame(a: StudyRun, b: StudyRun, name: string): boolean {
  const apart =
    value(a, `${name}_lower`) > value(b, `${name}_upper`) ||
    value(b, `${name}_lower`) > value(a, `${name}_upper`);
  return !apart || Math.abs(value(a, name) / value(b, name) - 1) < SAME;
}

/** An RBM knows no lattice: with the sites permuted as many of them carry a field, but they are anywhere. */
function permuted(stack: StudyRun, run: StudyRun | undefined): readonly Claim[] {
  if (run === undefined) return [];
  const scattered = value(run, "radius_of_gyration") > value(run, "shuffled_radius_lower");
  return [
    {
      claim:
        "with the sites permuted the participation ratio stays and the radius becomes that of the lattice",
      measured:
        `median PR ${interval(run, "participation_ratio")} sites, not permuted ${interval(stack, "participation_ratio")}; radius of gyration ` +
        `${short(value(run, "radius_of_gyration"))} sites, shuffled fields ${short(value(run, "shuffled_radius_lower"))} to ${short(value(run, "shuffled_radius_upper"))}, ` +
        `not permuted ${short(value(stack, "radius_of_gyration"))}`,
      verdict: isSame(stack, run, "participation_ratio") && scattered ? "yes" : "no",
    },
  ];
}

/** A Gaussian field with the same two-point function has the same pairs and nothing else of the Ising model. */
function clone(stack: StudyRun, run: StudyRun | undefined): readonly Claim[] {
  if (run === undefined) return [];
  const same = isSame(stack, run, "participation_ratio") && isSame(stack, run, "core_radius");
  return [
    {
      claim: "the blocks show more of the Ising model than its two-point function",
      measured:
        `Gaussian clone: median PR ${interval(run, "participation_ratio")} sites, core radius ${interval(run, "core_radius")} sites, overlap ` +
        `with a block ${short(value(run, "block_overlap"))}; Ising: ${interval(stack, "participation_ratio")}, ${interval(stack, "core_radius")}, ${short(value(stack, "block_overlap"))}`,
      verdict: same ? "no" : "yes",
    },
  ];
}

/** Without correlations, or without training, nothing is local. */
function nulls(runs: readonly (StudyRun | undefined)[]): readonly Claim[] {
  const present = runs.filter((run) => run !== undefined);
  if (present.length === 0) return [];
  const most = (run: StudyRun): number =>
    NULL_SHARE + DEVIATIONS * Math.sqrt((NULL_SHARE * (1 - NULL_SHARE)) / run.config.hidden[0]);
  return [
    {
      claim: "infinite temperature and no training leave no local units beyond what chance allows",
      measured: present
        .map((run) => {
          const name = run.summary["data_control"] ?? "untrained";
          return `${name}: ${short(100 * value(run, "beyond_null_fraction"))} % of units (at most ${short(100 * most(run))} %), ${short(value(run, "dead_units"))} dead`;
        })
        .join("; "),
      verdict: present.every((run) => value(run, "beyond_null_fraction") <= most(run)) ? "yes" : "no",
    },
  ];
}
