/** Kadanoff's step written out over the 16 states of a plaquette, sites 0 1 2 3 in cyclic order. */

export const states: readonly (readonly number[])[] = Array.from({ length: 16 }, (_, index) =>
  [0, 1, 2, 3].map((site) => ((index >> site) & 1 ? 1 : -1)),
);

export interface Couplings {
  readonly constant?: number;
  readonly field?: number;
  readonly nearest?: number;
  readonly diagonal?: number;
  readonly triple?: number;
  readonly fourSpin?: number;
}

const sums: Readonly<Record<keyof Couplings, (s: readonly number[]) => number>> = {
  constant: () => 1,
  field: ([a, b, c, d]) => a + b + c + d,
  nearest: ([a, b, c, d]) => a * b + b * c + c * d + d * a,
  diagonal: ([a, b, c, d]) => a * c + b * d,
  triple: ([a, b, c, d]) => b * c * d + a * c * d + a * b * d + a * b * c,
  fourSpin: ([a, b, c, d]) => a * b * c * d,
};

export const couplingNames = Object.keys(sums) as (keyof Couplings)[];

/** u of every state. */
export function potentialOf(couplings: Couplings): readonly number[] {
  return states.map((s) => couplingNames.reduce((u, name) => u + (couplings[name] ?? 0) * sums[name](s), 0));
}

/** u'(μ) = ln Σ_σ exp[4u(σ) − ln 2cosh(pΣσ) + pΣμσ] for every μ. */
export function brutalStep(potential: readonly number[], p: number): readonly number[] {
  return states.map((mu) =>
    Math.log(
      states.reduce((z, s, index) => {
        const total = sums.field(s);
        const overlap = s.reduce((sum, spin, site) => sum + spin * mu[site], 0);
        return z + Math.exp(4 * potential[index] + p * overlap) / (2 * Math.cosh(p * total));
      }, 0),
    ),
  );
}

/** The coupling of one kind, by projection on its products. */
export function project(potential: readonly number[], name: keyof Couplings): number {
  const norm = states.reduce((total, s) => total + sums[name](s) ** 2, 0);
  return potential.reduce((total, u, index) => total + u * sums[name](states[index]), 0) / norm;
}
