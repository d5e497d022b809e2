import { quantile } from "../../statistics/index.js";
import { short } from "../number-text.js";
import type { Claim } from "../study.js";
import { hasSize, type SizePoint } from "./points.js";

/** Sizes within this of each other are the same. */
const SAME = 0.1;

/** What chance allows: the share of untrained fields beyond the null, with a margin for layers of few units. */
const NULL_SHARE = 0.1;

/** Share of runs without penalty in which most fields have a size, above which they do without it. */
const MOST = 0.5;

/** The runs without a penalty: whether there is a size at all. */
export function judgeUnpenalized(points: readonly SizePoint[]): readonly Claim[] {
  if (points.length === 0) return [];
  const sized = points.filter(hasSize).length;
  const ratios = points.map(({ participationRatio }) => participationRatio);
  return [
    {
      claim: "without the L1 penalty there are blocks, too",
      measured: `${sized} of ${points.length} runs have fields smaller than chance allows in at least half of their units; median PR from ${short(Math.min(...ratios))} to ${short(Math.max(...ratios))} sites`,
      verdict: sized / points.length > MOST ? "yes" : "no",
    },
  ];
}

/** Each control beside the runs of the same temperature, compression, penalty and seed. */
export function judgeControls(
  points: readonly SizePoint[],
  controls: readonly SizePoint[],
): readonly Claim[] {
  const of = (name: string): readonly SizePoint[] => controls.filter(({ control }) => control === name);
  return [
    ...clone(points, of("gaussian-clone")),
    ...permuted(points, of("site-permuted")),
    ...infinite(of("infinite-temperature")),
  ];
}

/** Pairs of a control and the run it is the control of. */
function matched(
  points: readonly SizePoint[],
  controls: readonly SizePoint[],
): readonly (readonly [SizePoint, SizePoint])[] {
  return controls.flatMap((control) => {
    const run = points.find(
      (point) =>
        point.temperature === control.temperature &&
        point.alpha === control.alpha &&
        point.l1 === control.l1 &&
        point.seed === control.seed,
    );
    return run === undefined ? [] : [[run, control] as const];
  });
}

/** A setting in which one of the two has fields of a size and the other has not is one in which they differ. */
function clone(points: readonly SizePoint[], controls: readonly SizePoint[]): readonly Claim[] {
  const pairs = matched(points, controls);
  const above = pairs.filter(([{ disordered }]) => disordered);
  const below = pairs.filter(([{ disordered }]) => !disordered);
  return [...cloneClaim("above", above), ...cloneClaim("below", below)];
}

function cloneClaim(
  side: "above" | "below",
  pairs: readonly (readonly [SizePoint, SizePoint])[],
): readonly Claim[] {
  const ratios = pairs
    .filter((pair) => pair.every(hasSize))
    .map(([run, control]) => control.radius / run.radius);
  const unlike = pairs.filter(([run, control]) => hasSize(run) !== hasSize(control));
  if (ratios.length + unlike.length === 0) return [];
  const range = `${short(Math.min(...ratios))} to ${short(Math.max(...ratios))}`;
  return [
    {
      claim:
        `${side} T_c the sizes follow from the two-point function alone (signs of a Gaussian field with the same one; each size ` +
        `within ${100 * SAME} %)`,
      measured:
        (ratios.length === 0
          ? "no setting in which both have fields of a size"
          : `size on the Gaussian clone over that on Ising data: median ${short(quantile(ratios, 0.5))}, from ${range} in ${ratios.length} settings`) +
        (unlike.length === 0
          ? ""
          : `; in ${unlike.length} others only one of the two has fields of a size (T = ${temperatures(unlike)})`),
      verdict: unlike.length === 0 && ratios.every((ratio) => Math.abs(ratio - 1) <= SAME) ? "yes" : "no",
    },
  ];
}

function temperatures(pairs: readonly (readonly [SizePoint, SizePoint])[]): string {
  return [...new Set(pairs.map(([{ temperature }]) => temperature))]
    .sort((a, b) => a - b)
    .map(short)
    .join(", ");
}

function permuted(points: readonly SizePoint[], controls: readonly SizePoint[]): readonly Claim[] {
  const pairs = matched(points, controls);
  if (pairs.length === 0) return [];
  const ratios = pairs.map(([run, control]) => control.participationRatio / run.participationRatio);
  const scattered = pairs.every(([, control]) => control.radiusOfGyration > control.shuffledRadius);
  const middle = quantile(ratios, 0.5);
  return [
    {
      claim: "with the sites permuted as many sites carry a field, but anywhere on the lattice",
      measured:
        `PR over that of the data as they are: median ${short(middle)}, from ${short(Math.min(...ratios))} to ${short(Math.max(...ratios))}; radius of gyration ` +
        pairs
          .map(
            ([, control]) =>
              `${short(control.radiusOfGyration)} (shuffled ≥ ${short(control.shuffledRadius)})`,
          )
          .join(", ") +
        " sites",
      verdict: Math.abs(middle - 1) <= SAME && scattered ? "yes" : "no",
    },
  ];
}

function infinite(controls: readonly SizePoint[]): readonly Claim[] {
  if (controls.length === 0) return [];
  const most = Math.max(...controls.map(({ beyondNull }) => beyondNull));
  return [
    {
      claim: "data of infinite temperature make no fields of a size",
      measured: `at most ${short(100 * most)} % of the units of a run are smaller than chance allows (a unit without weights is not)`,
      verdict: most <= NULL_SHARE ? "yes" : "no",
    },
  ];
}
