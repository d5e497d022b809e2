import type { Claim } from "../study.js";
import { fitSizeLaw, type SizeLaw } from "./exponents.js";
import { agreeing, exponentsText, isSharp } from "./hypotheses.js";
import { hasSize, type SizePoint } from "./points.js";

/** The law of one selection of runs by one measure of size. */
export interface NamedLaw {
  readonly selection: string;
  /** core_radius, or another column of sizes.csv. */
  readonly size: string;
  /** Null where the runs do not determine it. */
  readonly law: SizeLaw | null;
}

/**
 * The law above T_c, which the answer rests on, then below, and then for other selections and measures of size. Below T_c the
 * correlations that do not decay, of the magnetisation, come on top of those of length ξ.
 */
export function fitLaws(
  penalized: readonly SizePoint[],
  weak: readonly SizePoint[],
  clone: readonly SizePoint[],
): readonly NamedLaw[] {
  const sized = penalized.filter(hasSize);
  const isAbove = ({ disordered }: SizePoint): boolean => disordered;
  const above = sized.filter(isAbove);
  const fit = (
    selection: string,
    points: readonly SizePoint[],
    size = "core_radius",
    of = ({ radius }: SizePoint): number => radius,
  ): NamedLaw => ({ selection, size, law: fitSizeLaw(points.filter(hasSize), of) });
  return [
    fit("T > T_c", above),
    fit(
      "T < T_c",
      sized.filter((point) => !isAbove(point)),
    ),
    fit("all", sized),
    fit(
      "T > T_c, alpha ≤ 1/4",
      above.filter(({ alpha }) => alpha <= 1 / 4),
    ),
    fit("T > T_c", above, "gaussian_length", ({ gaussianLength }) => gaussianLength),
    fit("T > T_c", above, "sqrt_participation_ratio", ({ participationRatio }) =>
      Math.sqrt(participationRatio),
    ),
    fit("T > T_c, weaker penalty", weak.filter(isAbove)),
    fit("T > T_c, gaussian-clone", clone.filter(isAbove)),
  ];
}

/** Columns of tables/size-exponents.csv. */
export const lawColumns = [
  "selection",
  "size",
  "runs",
  "a_xi",
  "a_xi_lower",
  "a_xi_upper",
  "b_alpha",
  "b_alpha_lower",
  "b_alpha_upper",
  "scatter",
  "agrees_with",
] as const;

export function lawRow({ selection, size, law }: NamedLaw): readonly (string | number | null)[] {
  if (law === null) return [selection, size, ...Array.from({ length: lawColumns.length - 2 }, () => null)];
  return [
    selection,
    size,
    law.runs,
    law.xi.value,
    law.xi.lower,
    law.xi.upper,
    law.alpha.value,
    law.alpha.lower,
    law.alpha.upper,
    law.scatter,
    !isSharp(law) ? "undecided" : agreeing(law).join(" or ") || "neither",
  ];
}

/** Whether the answer above T_c depends on which runs and which measure of size it rests on; laws not known well enough are left out. */
export function judgeRobustness(laws: readonly NamedLaw[]): readonly Claim[] {
  const [main, ...others] = laws.filter(({ selection }) => selection.startsWith("T > T_c"));
  if (main.law === null || !isSharp(main.law)) return [];
  const answer = agreeing(main.law).join(" ");
  const fitted = others.flatMap((each) =>
    each.law === null || !isSharp(each.law) ? [] : [{ ...each, law: each.law }],
  );
  if (fitted.length === 0) return [];
  return [
    {
      claim:
        "the answer is the same for other measures of size, fewer units, a weaker penalty and a Gaussian clone",
      measured: fitted
        .map(
          ({ selection, size, law }) =>
            `${selection}${size === "core_radius" ? "" : `, ${size}`}: ${exponentsText(law)}, ${agreeing(law).join(" or ") || "neither"}`,
        )
        .join("; "),
      verdict: fitted.every(({ law }) => agreeing(law).join(" ") === answer) ? "yes" : "no",
    },
  ];
}
