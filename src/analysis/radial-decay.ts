import { log } from "../kernels/elementary.js";
import type { LatticeGeometry } from "./lattice-geometry.js";
import {
  exponentialProfile,
  fieldWindow,
  fitDisc,
  fitSmooth,
  gaussianProfile,
  type ProfileFit,
} from "./profile-fits.js";
import type { ReceptiveField } from "./receptive-field.js";

/** Profiles compared: A e^{−d/ℓ}, A e^{−d²/2ℓ²} and A for d ≤ ℓ, 0 beyond. */
export const decayNames = ["exponential", "gaussian", "disc"] as const;

export type DecayName = (typeof decayNames)[number];

/** One profile fitted to one field, beside the others. */
export interface DecayFit extends Pick<ProfileFit, "length" | "error"> {
  /** AIC less that of the best of the three; above about 10 the profile is ruled out. */
  readonly aicDifference: number;
}

/** How a field falls off around its centre. */
export interface RadialDecay {
  /**
   * The profile of least AIC whose length exceeds its error. Null where there is none or pure noise (no profile at all) does as
   * well, for a dead unit, and on a lattice with hardly more sites than parameters.
   */
  readonly best: DecayName | null;
  readonly fits: Readonly<Record<DecayName, DecayFit>>;
}

/** The fit goes out to at least this many sites from the centre, however narrow the field. */
const SMALLEST_WINDOW = 3;
/** … and to at most this many: farther out a field that wide is flat, and on large lattices the fit would take minutes. */
const LARGEST_WINDOW = 32;
/** Σε² of a perfect fit, as a share of Σ r²: rounding, which must not decide between profiles. */
const PERFECT = 1e-24;

/**
 * Fit the three profiles to the weights of one field in its core's window (see FieldCore) by least squares; amplitude,
 * length and centre are free. AIC = n ln(Σε²/n) + 2k (Akaike 1974) chooses between them, all with k = 4 on a chain and 5 on a
 * torus; against pure noise, k = 1, BIC = n ln(Σε²/n) + k ln n decides (Schwarz 1978), as the one largest of n noisy weights
 * gains more than 2k. Both take the scatter for Gaussian and of one size on all sites. Weights are no such thing exactly, so
 * differences are a guide.
 */
export function fitRadialDecay(
  field: ArrayLike<number>,
  measured: Pick<ReceptiveField, "center" | "core" | "norm">,
  geometry: LatticeGeometry,
): RadialDecay {
  if (!(measured.norm > 0)) return noDecay();
  const window = fieldWindow(
    field,
    measured.center,
    Math.min(LARGEST_WINDOW, Math.max(SMALLEST_WINDOW, measured.core.window)),
    geometry,
  );
  const sites = window.values.length;
  if (sites <= geometry.shape.length + 2) return noDecay();
  const fits = {
    exponential: fitSmooth(window, exponentialProfile),
    gaussian: fitSmooth(window, gaussianProfile),
    disc: fitDisc(window),
  };
  const misfit = ({ residualSquare }: Pick<ProfileFit, "residualSquare">): number =>
    sites * log(Math.max(residualSquare, PERFECT * window.square) / sites);
  const values = decayNames.map((name) => misfit(fits[name]));
  const least = Math.min(...values);
  const penalty = (geometry.shape.length + 2) * log(sites);
  const noise = misfit({ residualSquare: window.square }) - penalty;
  return {
    best: bestProfile(fits, values, noise),
    fits: recordOf((name, index) => ({
      length: fits[name].length,
      error: fits[name].error,
      aicDifference: values[index] - least,
    })),
  };
}

/**
 * The profile of least misfit below `noise`, the sharpest in a tie. A profile whose length has an error above the length
 * itself is passed over: the one large weight that noise has somewhere has a height, but no width.
 */
function bestProfile(
  fits: Readonly<Record<DecayName, ProfileFit>>,
  misfits: readonly number[],
  noise: number,
): DecayName | null {
  let best: DecayName | null = null;
  let least = noise;
  decayNames.forEach((name, index) => {
    const { length, error } = fits[name];
    if (!(error <= length) || misfits[index] > least) return;
    [best, least] = [name, misfits[index]];
  });
  return best;
}

function recordOf(fit: (name: DecayName, index: number) => DecayFit): Readonly<Record<DecayName, DecayFit>> {
  const [exponential, gaussian, disc] = decayNames.map(fit);
  return { exponential, gaussian, disc };
}

/** Nothing fitted. */
export function noDecay(): RadialDecay {
  return { best: null, fits: recordOf(() => ({ length: NaN, error: NaN, aicDifference: NaN })) };
}
