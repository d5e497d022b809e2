import { DomainError } from "../errors/index.js";
import { cos } from "../kernels/elementary.js";

/** A rule ∫_a^b f(x) dx ≈ Σ_j weights[j] f(nodes[j]). */
export interface QuadratureRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Clenshaw & Curtis (Numer. Math. 2, 197 (1960)): N + 1 nodes x_j = a + (b − a)(1 − cos(πj/N))/2, N even, both ends among
 * them; the nodes of N/2 are every other one of those of N. Exact for polynomials of degree N; where f is smooth the
 * error falls faster than any power of N.
 */
export function clenshawCurtis(intervals: number, from: number, to: number): QuadratureRule {
  if (!Number.isInteger(intervals) || intervals < 2 || intervals % 2 === 1) {
    throw new DomainError(`Clenshaw–Curtis with ${intervals} intervals: expected an even number ≥ 2.`);
  }
  const half = (to - from) / 2;
  const angle = Math.PI / intervals;
  const nodes = Float64Array.from({ length: intervals + 1 }, (_, j) => from + half * (1 - cos(j * angle)));
  nodes[intervals] = to;
  const weights = nodes.map((_, j) => {
    let sum = 1;
    for (let k = 1; k <= intervals / 2; k++) {
      const share = k === intervals / 2 ? 1 : 2;
      sum -= (share * cos(2 * ((k * j) % intervals) * angle)) / (4 * k * k - 1);
    }
    return ((j === 0 || j === intervals ? 1 : 2) * half * sum) / intervals;
  });
  return { nodes, weights };
}
