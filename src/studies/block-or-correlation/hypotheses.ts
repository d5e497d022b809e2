import { short, withInterval } from "../number-text.js";
import type { Claim } from "../study.js";
import type { Exponent, SizeLaw } from "./exponents.js";
import { hasSize, type SizePoint } from "./points.js";

/** What the size of a receptive field might follow. */
interface Hypothesis {
  readonly claim: string;
  readonly name: string;
  /** a, the exponent of ξ, and b, that of α^{−1/2}. */
  readonly xi: number;
  readonly alpha: number;
}

const hypotheses: readonly Hypothesis[] = [
  {
    name: "block spin",
    claim: "the size is that of a block of n/m spins, at any temperature",
    xi: 0,
    alpha: 1,
  },
  {
    name: "correlation",
    claim: "the size is the correlation length, at any compression",
    xi: 1,
    alpha: 0,
  },
  {
    name: "coupling",
    claim: "the size is that of a bond, at any temperature and compression (decimation)",
    xi: 0,
    alpha: 0,
  },
];

/** An exponent within this of a hypothesis, or with it in its interval, agrees with it. */
const TOLERANCE = 0.25;

function agrees({ value, lower, upper }: Exponent, wanted: number): boolean {
  return Math.abs(value - wanted) <= TOLERANCE || (lower <= wanted && wanted <= upper);
}

/** Intervals at least this wide hold more than one hypothesis, or nearly: they decide nothing. */
const WIDEST = 0.75;

/** Whether the exponents are known well enough to tell the hypotheses apart. */
export function isSharp({ xi, alpha }: SizeLaw): boolean {
  return [xi, alpha].every(({ lower, upper }) => upper - lower < WIDEST);
}

/** a and b as text. */
export function exponentsText({ xi, alpha }: SizeLaw): string {
  return `a = ${withInterval(xi.value, xi.lower, xi.upper)}, b = ${withInterval(alpha.value, alpha.lower, alpha.upper)}`;
}

/** The names of the hypotheses that both exponents agree with. */
export function agreeing({ xi, alpha }: SizeLaw): readonly string[] {
  return hypotheses
    .filter((hypothesis) => agrees(xi, hypothesis.xi) && agrees(alpha, hypothesis.alpha))
    .map(({ name }) => name);
}

/** Each hypothesis with its verdict above T_c, and the answer in words. */
export function judgeLaw(law: SizeLaw | null): readonly Claim[] {
  const measured = law === null ? "too few runs whose fields have a size" : exponentsText(law);
  const names = law === null ? [] : agreeing(law);
  const decides = law !== null && isSharp(law);
  const single = hypotheses.map(({ name, claim, xi, alpha }): Claim => ({
    claim: `above T_c, ${name}: ${claim} (R ∝ ξ^a α^(−b/2) with a = ${xi}, b = ${alpha}, each within ${TOLERANCE} or its interval)`,
    measured,
    verdict: !decides ? "undecided" : names.includes(name) ? "yes" : "no",
  }));
  return [
    ...single,
    {
      claim: "above T_c one of these three laws, and only one, describes the size of the receptive fields",
      measured: law === null ? measured : inWords(law, names),
      verdict: !decides ? "undecided" : names.length === 1 ? "yes" : "no",
    },
  ];
}

/**
 * What becomes of the law below T_c, where the magnetisation correlates all spins: whether there are fields of a size at all,
 * and whether they follow the same law.
 */
export function judgeBelow(
  points: readonly SizePoint[],
  above: SizeLaw | null,
  below: SizeLaw | null,
): readonly Claim[] {
  if (points.length === 0) return [];
  const sized = points.filter(hasSize);
  const extended = points.filter((point) => !hasSize(point));
  const ratios = extended.map(({ participationRatio }) => participationRatio);
  const overlaps = extended.map(({ blockOverlap }) => blockOverlap);
  const others =
    extended.length === 0
      ? ""
      : `; in the other ${extended.length} (T = ${temperaturesOf(extended)}) the units see the whole lattice: median PR ` +
        `${short(Math.min(...ratios))} to ${short(Math.max(...ratios))} sites, overlap with a majority ${short(Math.min(...overlaps))} or more`;
  const law = below === null ? "" : `; ${exponentsText(below)}`;
  const same = above !== null && below !== null && agreeing(above).join() === agreeing(below).join();
  return [
    {
      claim: "below T_c the receptive fields follow the same law",
      measured: `${sized.length} of ${points.length} runs have fields of a size${sized.length === 0 ? "" : ` (T = ${temperaturesOf(sized)})`}${law}${others}`,
      verdict: same && extended.length === 0 ? "yes" : above === null ? "undecided" : "no",
    },
  ];
}

function temperaturesOf(points: readonly SizePoint[]): string {
  const distinct = [...new Set(points.map(({ temperature }) => temperature))].sort((a, b) => a - b);
  return distinct.map(short).join(", ");
}

/** What the exponents say, in a sentence that follows from them. */
function inWords(law: SizeLaw, names: readonly string[]): string {
  const answer = names.length === 0 ? "neither" : names.join(" or ");
  const [xi, alpha] = [law.xi, law.alpha];
  const ofXi = agrees(xi, 0)
    ? "the size does not follow the correlation length"
    : `the size ${xi.value > 0 ? "grows" : "shrinks"} with the correlation length, ${strength(xi)}`;
  const ofAlpha = agrees(alpha, 1)
    ? "it is set by the number of spins per unit, as of a block"
    : agrees(alpha, 0)
      ? "it does not depend on the number of units"
      : `it ${alpha.value > 0 ? "grows" : "shrinks"} with the spins per unit, ${strength(alpha)}`;
  if (!isSharp(law)) return `the exponents are not known well enough (${exponentsText(law)})`;
  return `${answer}: ${ofXi}, and ${ofAlpha} (${exponentsText(law)}, scatter ${withInterval(100 * law.scatter, NaN, NaN)} %)`;
}

function strength({ value }: Exponent): string {
  const size = Math.abs(value);
  return size > 1 + TOLERANCE
    ? "more than in proportion"
    : size >= 1 - TOLERANCE
      ? "in proportion"
      : "less than in proportion";
}
