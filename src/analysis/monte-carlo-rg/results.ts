import { DataError, DomainError } from "../../errors/index.js";
import { log } from "../../kernels/elementary.js";
import {
  blockJackknife,
  type BlockJackknifeEstimate,
  type Eigenvalue,
  eigenvalues,
} from "../../statistics/index.js";
import type { CouplingOperator, Parity } from "./coupling-operator.js";
import { renormalizationMatrix } from "./linearized-flow.js";
import type { TorusShape } from "./operator-sums.js";
import type { MonteCarloRenormalization, SectorBlocks } from "./renormalization.js";
import { momentIndex, type SectorMoments, SectorSums } from "./sector-sums.js";

/** The mean of one coupling's products at one level. */
export interface CouplingMean {
  /** Steps made: 0 is the original lattice. */
  readonly level: number;
  /** Sides of the torus at this level. */
  readonly shape: TorusShape;
  /** Name of the coupling: `nearest`, `magnetization`, … */
  readonly coupling: string;
  /** Its sector. */
  readonly parity: Parity;
  /** Products a site. */
  readonly products: number;
  /** The mean of one product, ⟨S_α⟩/(sites · products). */
  readonly value: number;
  /** One standard deviation of `value`. */
  readonly error: number;
}

/** One element of T = ∂K'/∂K. */
export interface MatrixElement {
  /** The step from level step − 1 to level step, counted from 1. */
  readonly step: number;
  /** Sector of both couplings. */
  readonly parity: Parity;
  /** α, the coupling of the block spins. */
  readonly row: string;
  /** β, the coupling before the step. */
  readonly column: string;
  /** ∂K'_α/∂K_β, from all couplings of the sector. */
  readonly value: number;
  /** One standard deviation. */
  readonly error: number;
}

/** One eigenvalue of T from the first couplings of a sector. */
export interface ExponentEstimate {
  /** The step from level step − 1 to level step. */
  readonly step: number;
  /** Sides of the torus before the step. */
  readonly from: TorusShape;
  /** Sides of the torus after it. */
  readonly to: TorusShape;
  /** Sector of the couplings. */
  readonly parity: Parity;
  /** How many couplings were used, the first of the sector. */
  readonly couplings: number;
  /** 1 for the eigenvalue of largest modulus, 2 for the next. */
  readonly rank: number;
  /** λ; NaN where this eigenvalue is complex; negative where block spins point against the spins. */
  readonly eigenvalue: number;
  /** One standard deviation of `eigenvalue`. */
  readonly eigenvalueError: number;
  /** y = ln |λ|/ln b: y_T of rank 1 in the even sector, y_H in the odd one. */
  readonly exponent: number;
  /** One standard deviation of `exponent`. */
  readonly exponentError: number;
}

/** Everything measured, as plain rows. Errors are one standard deviation, by jackknife over the blocks. */
export interface MonteCarloRgResult {
  /** Name of the block rule. */
  readonly rule: string;
  /** b, by which a step shrinks lengths. */
  readonly scale: number;
  /** Configurations used, those left over not counted. */
  readonly samples: number;
  /** Blocks of configurations, 32. */
  readonly blocks: number;
  /** The mean of every coupling at every level. */
  readonly couplings: readonly CouplingMean[];
  /** T of every step in either sector, element by element. */
  readonly matrices: readonly MatrixElement[];
  /** Of every step and sector, from the first 1, 2, … couplings, ranks 1 and 2. */
  readonly exponents: readonly ExponentEstimate[];
}

/** Ranks of eigenvalues that are reported. */
const RANKS = [1, 2] as const;

/**
 * Evaluate what was accumulated. DataError if configurations are missing or cannot tell the couplings apart.
 *
 * @param run with all its configurations added
 */
export function monteCarloRgResult(run: MonteCarloRenormalization): MonteCarloRgResult {
  run.finish();
  const sectors = [new SectorAnalysis(run.even, "even"), new SectorAnalysis(run.odd, "odd")];
  const { rule, steps } = run.options;
  const levels = Array.from({ length: steps }, (_, step) => step + 1);
  // First, as it uses few couplings before many: what cannot be told apart is then found with the fewest.
  const exponents = levels.flatMap((level) =>
    sectors.flatMap((sector) =>
      sector
        .exponents(level, rule.scale)
        .map((found) => ({ ...found, from: run.shapes[level - 1], to: run.shapes[level] })),
    ),
  );
  return {
    rule: rule.name,
    scale: rule.scale,
    samples: run.even.blocks.length * run.blockLength,
    blocks: run.even.blocks.length,
    couplings: run.shapes.flatMap((shape, level) => sectors.flatMap((sector) => sector.means(level, shape))),
    matrices: levels.flatMap((level) => sectors.flatMap((sector) => sector.matrix(level))),
    exponents,
  };
}

/** Functions of one sector's moments with error bars. */
class SectorAnalysis {
  readonly #couplings: readonly CouplingOperator[];
  readonly #whole: SectorEvaluation;
  readonly #without: readonly SectorEvaluation[];

  constructor(
    { couplings, blocks }: SectorBlocks,
    readonly parity: Parity,
  ) {
    this.#couplings = couplings;
    const total = new SectorSums(blocks[0].size, blocks[0].steps);
    for (const block of blocks) total.merge(block);
    this.#whole = new SectorEvaluation(total.moments(), parity);
    this.#without = blocks.map((block) => new SectorEvaluation(total.moments(block), parity));
  }

  means(level: number, shape: TorusShape): readonly CouplingMean[] {
    return this.#couplings.map(({ name, shapes }, alpha) => {
      const terms = shape[0] * shape[1] * shapes.length;
      const { value, error } = this.#estimate((sector) => sector.mean(level, alpha) / terms);
      return { level, shape, coupling: name, parity: this.parity, products: shapes.length, value, error };
    });
  }

  matrix(step: number): readonly MatrixElement[] {
    const count = this.#couplings.length;
    return this.#couplings.flatMap((row, alpha) =>
      this.#couplings.map((column, beta) => {
        const { value, error } = this.#estimate((sector) => sector.matrix(step, count)[alpha * count + beta]);
        return { step, parity: this.parity, row: row.name, column: column.name, value, error };
      }),
    );
  }

  exponents(step: number, scale: number): readonly Omit<ExponentEstimate, "from" | "to">[] {
    const estimate = (couplings: number, rank: number): Omit<ExponentEstimate, "from" | "to"> => {
      const of = (sector: SectorEvaluation): Eigenvalue => sector.eigenvalue(step, couplings, rank);
      const eigenvalue = this.#estimate((sector) => (of(sector).imaginary === 0 ? of(sector).real : NaN));
      const exponent = this.#estimate((sector) => logModulus(of(sector)) / log(scale));
      return {
        step,
        parity: this.parity,
        couplings,
        rank,
        eigenvalue: eigenvalue.value,
        eigenvalueError: eigenvalue.error,
        exponent: exponent.value,
        exponentError: exponent.error,
      };
    };
    return this.#couplings.flatMap((_, last) =>
      RANKS.filter((rank) => rank <= last + 1).map((rank) => estimate(last + 1, rank)),
    );
  }

  #estimate(f: (sector: SectorEvaluation) => number): BlockJackknifeEstimate {
    return blockJackknife(f(this.#whole), this.#without.map(f));
  }
}

/** What follows from one set of moments; matrices and eigenvalues are kept, as many quantities are read from each. */
class SectorEvaluation {
  readonly #matrices = new Map<string, Float64Array>();
  readonly #eigenvalues = new Map<string, readonly Eigenvalue[]>();

  constructor(
    private readonly moments: SectorMoments,
    private readonly parity: Parity,
  ) {}

  mean(level: number, alpha: number): number {
    const { size, steps, values } = this.moments;
    return values[momentIndex(size, steps).level(level, alpha)];
  }

  matrix(step: number, count: number): Float64Array {
    return kept(this.#matrices, `${step},${count}`, () => {
      try {
        return renormalizationMatrix(this.moments, step, count);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        throw new DataError(
          `step ${step}: the configurations do not tell the first ${count} ${this.parity} coupling(s) apart ` +
            `(their correlations are singular). Use more configurations, or fewer steps.`,
          { cause: error },
        );
      }
    });
  }

  /** The eigenvalue of this rank by modulus. */
  eigenvalue(step: number, count: number, rank: number): Eigenvalue {
    const all = kept(this.#eigenvalues, `${step},${count}`, () =>
      eigenvalues(this.matrix(step, count), count),
    );
    return all[rank - 1];
  }
}

/** The value under `key`, made the first time it is asked for. */
function kept<T>(values: Map<string, T>, key: string, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  return made;
}

/** ln |λ| */
function logModulus({ real, imaginary }: Eigenvalue): number {
  return log(real * real + imaginary * imaginary) / 2;
}
