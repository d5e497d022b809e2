import {
  type CouplingOperator,
  SectorSums,
  type TorusShape,
} from "../../../src/analysis/monte-carlo-rg/index.js";

/** Spins of a state, bit s for site s. */
function spinsOf(state: number, sites: number): number[] {
  return Array.from({ length: sites }, (_, site) => ((state >> site) & 1 ? 1 : -1));
}

/** sums[v][β] = S_β(v) of every state of a small lattice. */
export function stateSums(
  [width, height]: TorusShape,
  operators: readonly CouplingOperator[],
): readonly (readonly number[])[] {
  const terms = operators.map(({ shapes }) => {
    const found: number[][] = [];
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) {
        for (const shape of shapes) {
          found.push(
            shape.map(([dx, dy]) => ((x + dx + width) % width) * height + ((y + dy + height) % height)),
          );
        }
      }
    }
    return found;
  });
  return Array.from({ length: 2 ** (width * height) }, (_, state) => {
    const spins = spinsOf(state, width * height);
    return terms.map((products) => {
      let sum = 0;
      for (const sites of products) {
        let product = 1;
        for (const site of sites) product *= spins[site];
        sum += product;
      }
      return sum;
    });
  });
}

/** P(h|v) for every state v of `sites` spins and h of the block spins, from P(h_k = 1|v) of each. */
export function conditionalTable(
  sites: number,
  up: (spins: readonly number[]) => readonly number[],
): readonly Float64Array[] {
  return Array.from({ length: 2 ** sites }, (_, state) => {
    const probabilities = up(spinsOf(state, sites));
    return Float64Array.from({ length: 2 ** probabilities.length }, (_value, h) =>
      probabilities.reduce((product, p, block) => product * ((h >> block) & 1 ? p : 1 - p), 1),
    );
  });
}

/** A lattice so small that all its states can be gone through, its block spins, and the first `count` couplings. */
export class Enumeration {
  readonly #sums: readonly (readonly number[])[];
  readonly #blockSums: readonly (readonly number[])[];

  constructor(
    sums: readonly (readonly number[])[],
    blockSums: readonly (readonly number[])[],
    private readonly conditional: readonly Float64Array[],
    readonly count: number,
  ) {
    this.#sums = sums.map((all) => all.slice(0, count));
    this.#blockSums = blockSums.map((all) => all.slice(0, count));
  }

  /** P(v) at H = −Σ K_β S_β. */
  probabilities(couplings: readonly number[]): Float64Array {
    const exponents = this.#sums.map((sums) =>
      sums.reduce((total, s, beta) => total + couplings[beta] * s, 0),
    );
    const largest = exponents.reduce((a, b) => Math.max(a, b));
    const weights = Float64Array.from(exponents, (x) => Math.exp(x - largest));
    const z = weights.reduce((a, b) => a + b);
    return weights.map((weight) => weight / z);
  }

  /** P'(h) = Σ_v P(h|v) P(v). */
  blockProbabilities(couplings: readonly number[]): Float64Array {
    const out = new Float64Array(this.#blockSums.length);
    this.probabilities(couplings).forEach((p, v) => {
      const conditional = this.conditional[v];
      for (let h = 0; h < out.length; h++) out[h] += p * conditional[h];
    });
    return out;
  }

  /** ⟨S'_α⟩. */
  blockMeans(couplings: readonly number[]): readonly number[] {
    const p = this.blockProbabilities(couplings);
    return this.#couplings().map((alpha) =>
      p.reduce((sum, probability, h) => sum + probability * this.#blockSums[h][alpha], 0),
    );
  }

  /**
   * K'_α with ln P'(h) = constant + Σ K'_α S'_α(h), by projection on the S', which must be orthogonal; `rest` is what of
   * ln P' they leave.
   */
  blockCouplings(couplings: readonly number[]): {
    readonly values: readonly number[];
    readonly rest: number;
  } {
    const logs = [...this.blockProbabilities(couplings)].map(Math.log);
    const constant = logs.reduce((a, b) => a + b) / logs.length;
    const values = this.#couplings().map((alpha) => {
      const s = this.#blockSums.map((sums) => sums[alpha]);
      const mean = s.reduce((a, b) => a + b) / s.length;
      const norm = s.reduce((sum, x) => sum + (x - mean) ** 2, 0);
      return logs.reduce((sum, x, h) => sum + (x - constant) * (s[h] - mean), 0) / norm;
    });
    const rest = logs.map((x, h) => {
      return x - values.reduce((sum, k, alpha) => sum + k * this.#blockSums[h][alpha], 0);
    });
    return { values, rest: Math.max(...rest) - Math.min(...rest) };
  }

  #couplings(): readonly number[] {
    return Array.from({ length: this.count }, (_, alpha) => alpha);
  }

  /** The accumulator, fed with every pair (v, h) and its exact weight. */
  accumulate(couplings: readonly number[]): SectorSums {
    const accumulator = new SectorSums(this.count, 1);
    this.probabilities(couplings).forEach((p, v) => {
      this.conditional[v].forEach((q, h) => {
        if (q > 0) accumulator.add([this.#sums[v], this.#blockSums[h]], p * q);
      });
    });
    return accumulator;
  }
}

/** ∂f_α/∂K_β by fourth-order central differences, row α, column β. */
export function derivative(
  f: (couplings: readonly number[]) => readonly number[],
  at: readonly number[],
): readonly (readonly number[])[] {
  const h = 1e-3;
  const columns = at.map((_, beta) => {
    const moved = (step: number): readonly number[] =>
      f(at.map((k, index) => (index === beta ? k + step * h : k)));
    const [a, b, c, d] = [moved(-2), moved(-1), moved(1), moved(2)];
    return a.map((_value, alpha) => (a[alpha] - 8 * b[alpha] + 8 * c[alpha] - d[alpha]) / (12 * h));
  });
  return columns[0].map((_, alpha) => columns.map((column) => column[alpha]));
}
