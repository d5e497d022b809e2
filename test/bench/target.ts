import type { Spread } from "./quantity.js";

/** What a comparison should reach: a least ratio to the fastest reference, or a largest value of the base itself. */
export type Target =
  { readonly kind: "ratio"; readonly least: number } | { readonly kind: "value"; readonly most: number };

/** `>= 1.5` or `<= 100`, in the unit of the row it stands in. */
export function targetText(target: Target): string {
  return target.kind === "ratio" ? `>= ${target.least}` : `<= ${target.most}`;
}

/** Whether a median reaches the target. */
export function reaches(target: Target, { median }: Spread): boolean {
  return target.kind === "ratio" ? median >= target.least : median <= target.most;
}
