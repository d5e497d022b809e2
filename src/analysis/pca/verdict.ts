import { withError } from "../../statistics/number-text.js";
import { GAUSSIAN, type MomentRung } from "./moment-flow.js";
import type { SpectralExponent } from "./spectral-exponent.js";

/** Where the flow of the normalised fourth moment leads as modes of small variance are removed. */
export type FlowKind = "Gaussian" | "non-Gaussian fixed point" | "undecided";

/** Where the flow leads, and why. */
export interface FlowVerdict {
  /** Where it leads. */
  readonly kind: FlowKind;
  /** The figures that decided, in one sentence. */
  readonly reason: string;
}

/** Standard errors that separate two medians. */
const SIGNIFICANT = 3;
/** A median this close to 3 counts as Gaussian where error bars are smaller still; wider ones decide nothing. */
const CLOSE = 0.5;
/** Largest ratio of the excesses m − 3 on a plateau. */
const FLAT = 1.2;
/** Fewest factors of two in the number of modes that a plateau spans. */
const PLATEAU_OCTAVES = 2;
/** A leading mode below this fourth moment has two values (1 exactly for ±m; 1.168 at the Ising critical point). */
const TWO_VALUED = 1.1;
/** Share of the plateau's m − 3 above which the modes of small variance are no more Gaussian than those of large variance. */
const SHARED = 0.5;
/** Last modes, at which the end of the flow is read off. */
const FEW_MODES = 4;

/**
 * Judge the flow of the median m towards few modes (rungs of the largest variance; those of the smallest are looked at once).
 *
 * Gaussian: at the last 1 to 4 modes m is 3 to 3 standard errors (of at most 0.5), or within 0.5 of it and at most half
 * as far as with all modes. Non-Gaussian fixed point: m differs by more than 3 standard errors and a factor of two from
 * what independent units seen through the same modes give; m − 3 is constant to a factor 1.2 from 4 modes to N/8 (two
 * octaves or more); the leading mode is not two-valued, as in an ordered phase; the few modes of the smallest variance are not
 * on the same plateau, where only a common amplitude takes them (at a fixed point modes far apart in scale are not bound to each
 * other); and the spectrum is a power law. Everything else is undecided.
 */
export function judgeFlow(rungs: readonly MomentRung[], spectrum: SpectralExponent): FlowVerdict {
  const flow = rungs.filter((rung) => rung.end === "largest" && Number.isFinite(rung.median));
  const all = flow.at(-1)!;
  const ending = flow.filter(({ modes }) => modes <= FEW_MODES);
  const end = mean(ending.map(({ median }) => median));
  const error = Math.max(...ending.map(({ standardError }) => standardError));
  const [excess, first] = [Math.abs(end - GAUSSIAN), Math.abs(all.median - GAUSSIAN)];
  const at = `m = ${withError(end, error, 3)} at the last ${ending.at(-1)!.modes} modes`;
  if (!(error <= CLOSE)) return { kind: "undecided", reason: `${at}; the data are too few, or too wild` };
  if (excess <= SIGNIFICANT * error || (excess <= CLOSE && excess <= first / 2)) {
    return { kind: "Gaussian", reason: `${at}, 3 for a Gaussian; ${format(all.median)} with all modes` };
  }
  const plateau = flow.filter(({ modes }) => modes >= FEW_MODES && modes <= all.modes / 8);
  const objection =
    objectionToUnits(flow, all.modes) ??
    objectionToPlateau(plateau) ??
    objectionToAmplitude(plateau, rungs, all.modes) ??
    objectionToModes(flow[0], spectrum);
  if (objection !== null) return { kind: "undecided", reason: `${at}; ${objection}` };
  return {
    kind: "non-Gaussian fixed point",
    reason:
      `m = ${rangeOf(plateau.map(({ median }) => median))} between ${FEW_MODES} modes and ${plateau.at(-1)!.modes}, where ` +
      `independent units would have ${rangeOf(plateau.map(({ independent }) => independent))}; the spectrum is a power ` +
      `law with 1/α = ${format(spectrum.inverseAlpha)}`,
  };
}

/** Units that do nothing together need no fixed point. */
function objectionToUnits(flow: readonly MomentRung[], count: number): string | null {
  const inside = flow.filter(({ modes }) => modes >= FEW_MODES && modes <= count / 2);
  const like = inside.filter((rung) => !differsFromIndependent(rung));
  if (like.length <= inside.length / 2) return null;
  return "independent units seen through these modes do the same";
}

function objectionToPlateau(plateau: readonly MomentRung[]): string | null {
  if (plateau.length === 0 || plateau.at(-1)!.modes < FEW_MODES * 2 ** PLATEAU_OCTAVES) {
    return "the units are too few for a plateau to show";
  }
  const excesses = plateau.map(({ median }) => median - GAUSSIAN);
  const [smallest, largest] = [Math.min(...excesses), Math.max(...excesses)];
  const ratio = smallest > 0 ? largest / smallest : largest < 0 ? smallest / largest : Infinity;
  return ratio <= FLAT ? null : `m = ${rangeOf(plateau.map(({ median }) => median))} on the way, no plateau`;
}

/** One factor common to all units gives every mode the same m. */
function objectionToAmplitude(
  plateau: readonly MomentRung[],
  rungs: readonly MomentRung[],
  count: number,
): string | null {
  const short = rungs.filter(
    ({ end, modes, median }) =>
      end === "smallest" && modes >= FEW_MODES && modes <= count / 8 && Number.isFinite(median),
  );
  if (short.length === 0) return null;
  const share = mean(short.map(excessOf)) / mean(plateau.map(excessOf));
  if (!(share >= SHARED)) return null;
  return `the modes of the smallest variance have it too (m = ${rangeOf(short.map(({ median }) => median))}), as under a common amplitude`;
}

function excessOf({ median }: MomentRung): number {
  return median - GAUSSIAN;
}

function objectionToModes(leading: MomentRung, { straight, halves }: SpectralExponent): string | null {
  if (leading.median <= TWO_VALUED) {
    return `the leading mode has two values (m = ${format(leading.median)}), as in an ordered phase`;
  }
  if (straight) return null;
  return Number.isFinite(halves[0] + halves[1])
    ? `the spectrum is no power law (1/α = ${format(halves[0])} and ${format(halves[1])} in two halves)`
    : "the spectrum is too short to tell a power law";
}

function differsFromIndependent({ median, independent, standardError }: MomentRung): boolean {
  const apart = Math.abs(median - independent);
  const [own, theirs] = [Math.abs(median - GAUSSIAN), Math.abs(independent - GAUSSIAN)];
  return apart > SIGNIFICANT * standardError && (own > 2 * theirs || theirs > 2 * own);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rangeOf(values: readonly number[]): string {
  return `${format(Math.min(...values))} … ${format(Math.max(...values))}`;
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}
