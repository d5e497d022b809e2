import { DataError, DomainError } from "../../errors/index.js";
import { type BitMatrix, bitMatrix, transposeBits } from "../../kernels/index.js";
import { deriveKey, RandomStream, type SeedKey } from "../../random/index.js";
import { blockedShape, type BlockRule } from "./block-rule.js";
import type { CouplingOperator } from "./coupling-operator.js";
import { evenCouplings, oddCouplings } from "./coupling-sets.js";
import { LANES, OperatorSums, type TorusShape } from "./operator-sums.js";
import { SectorSums } from "./sector-sums.js";

/** Shorter sides make couplings of range 2 the same as others. */
const SHORTEST_SIDE = 4;

/** Blocks of configurations for the jackknife: error bars known to 1/√(2·32) = 13 %. */
const BLOCKS = 32;
const LEAST_SAMPLES = 2 * BLOCKS;

/** What to renormalise and how far. */
export interface RenormalizationOptions {
  /** Torus of the configurations; its sides are divisible by b^steps. */
  readonly shape: TorusShape;
  /** How block spins are made of spins. */
  readonly rule: BlockRule;
  /** Block-spin steps. */
  readonly steps: number;
  /** Configurations that will be added. */
  readonly samples: number;
  /** For the rule's random numbers. */
  readonly key: SeedKey;
  /** Default: `evenCouplings`. */
  readonly even?: readonly CouplingOperator[];
  /** Default: `oddCouplings`. */
  readonly odd?: readonly CouplingOperator[];
}

/** Sums of one sector, block by block of configurations. */
export interface SectorBlocks {
  /** The couplings of the sector, in the order given. */
  readonly couplings: readonly CouplingOperator[];
  /** Of each block sums of S_α and of the products S_α S_β within and between levels. */
  readonly blocks: readonly SectorSums[];
}

/** One lattice of the hierarchy: its spins and the S_α of 32 configurations. */
interface Level {
  readonly words: Uint32Array;
  readonly operators: OperatorSums;
  readonly sums: Int32Array;
}

/**
 * Monte-Carlo renormalization group: takes configurations in any number of parts, makes block spins `steps` times and
 * sums the correlations of all couplings within and between levels. Memory does not depend on the number of samples.
 * The result is a function of the configurations, in their order, and the key.
 *
 * Configurations are split into 32 consecutive blocks of equal length for error bars; up to 31 that are left over are not
 * used. Blocks should be several autocorrelation times long.
 */
export class MonteCarloRenormalization {
  /** Sides of the torus after 0, 1, …, `steps` steps. */
  readonly shapes: readonly TorusShape[];
  /** Sums of the even couplings. */
  readonly even: SectorBlocks;
  /** Sums of the odd couplings. */
  readonly odd: SectorBlocks;
  /** Configurations in each block. */
  readonly blockLength: number;
  readonly #levels: readonly Level[];
  readonly #group: BitMatrix;
  #groups = 0;
  #filled = 0;
  #done = 0;

  /**
   * DomainError for lattices that cannot be divided so often, DataError for fewer than 64 samples.
   *
   * @param options what to renormalise, by which rule and how far
   */
  constructor(readonly options: RenormalizationOptions) {
    const { samples, steps } = options;
    this.shapes = levelShapes(options.shape, options.rule, steps);
    if (!(Number.isInteger(samples) && samples >= LEAST_SAMPLES)) {
      throw new DataError(
        `renormalization of ${samples} configurations: at least ${LEAST_SAMPLES} are needed for error bars.`,
      );
    }
    this.blockLength = Math.floor(samples / BLOCKS);
    const [even, odd] = [options.even ?? evenCouplings, options.odd ?? oddCouplings];
    const sector = (couplings: readonly CouplingOperator[]): SectorBlocks => ({
      couplings,
      blocks: Array.from({ length: BLOCKS }, () => new SectorSums(couplings.length, steps)),
    });
    this.even = sector(even);
    this.odd = sector(odd);
    const operators = [...even, ...odd];
    this.#levels = this.shapes.map((shape) => ({
      words: new Uint32Array(shape[0] * shape[1]),
      operators: new OperatorSums(operators, shape),
      sums: new Int32Array(operators.length * LANES),
    }));
    this.#group = bitMatrix(LANES, this.shapes[0][0] * this.shapes[0][1]);
  }

  /** Add configurations, a row each. DataError if they live on another number of sites or are more than announced. */
  add(configurations: BitMatrix): void {
    const { columns, rows, wordsPerRow, words } = configurations;
    if (columns !== this.#group.columns || this.#done + this.#filled + rows > this.options.samples) {
      throw new DataError(
        `renormalization of ${this.options.samples} configurations of ${this.shapes[0].join("×")} spins: ` +
          `${this.#done + this.#filled + rows} of ${columns} spins were given.`,
      );
    }
    for (let row = 0; row < rows; row++) {
      const spins = words.subarray(row * wordsPerRow, (row + 1) * wordsPerRow);
      this.#group.words.set(spins, this.#filled++ * wordsPerRow);
      if (this.#filled === LANES) this.#measureGroup();
    }
  }

  /** Take in the last configurations, where their number is no multiple of 32. DataError if some are missing. */
  finish(): void {
    if (this.#filled > 0) this.#measureGroup();
    if (this.#done !== this.options.samples) {
      throw new DataError(
        `renormalization of ${this.options.samples} configurations: only ${this.#done} were given.`,
      );
    }
  }

  /** Renormalise the configurations gathered; lanes of a last, partial group that hold none are measured in vain. */
  #measureGroup(): void {
    const levels = this.#levels;
    const columns = levels[0].words.length;
    transposeBits(this.#group, { rows: columns, columns: LANES, wordsPerRow: 1, words: levels[0].words });
    const { key, rule } = this.options;
    levels.forEach(({ words, operators, sums }, level) => {
      if (level > 0) {
        const below = levels[level - 1];
        const random = new RandomStream(deriveKey(key, "blockSpins", this.#groups, level));
        rule.apply(below.words, this.shapes[level - 1], random, words);
      }
      operators.measure(words, sums);
    });
    this.#addLanes();
    this.#groups++;
    this.#filled = 0;
  }

  #addLanes(): void {
    const sums = this.#levels.map((level) => level.sums);
    const oddSums = sums.map((values) => values.subarray(this.even.couplings.length * LANES));
    for (let lane = 0; lane < this.#filled; lane++) {
      const block = Math.floor(this.#done++ / this.blockLength);
      if (block >= this.even.blocks.length) continue; // left over
      this.even.blocks[block].add(sums, 1, lane, LANES);
      this.odd.blocks[block].add(oddSums, 1, lane, LANES);
    }
  }
}

/**
 * Sides of the torus after 0, 1, …, `steps` steps. DomainError unless all are whole numbers of at least 4, and `steps` is
 * a whole number ≥ 1.
 */
export function levelShapes(shape: TorusShape, rule: BlockRule, steps: number): readonly TorusShape[] {
  if (!(Number.isInteger(steps) && steps >= 1)) {
    throw new DomainError(`${steps} renormalization steps: expected a whole number ≥ 1.`);
  }
  const shapes = [shape];
  for (let step = 1; step <= steps; step++) {
    const before = shapes[step - 1];
    const next = blockedShape(before, rule.scale);
    const fault = stepFault(before, next, rule, step);
    if (fault !== null) {
      throw new DomainError(
        `${stepCount(steps)} of ${rule.name} on the ${shape.join("×")} torus: ${fault}. ` +
          `${sidesAdvice(shape, rule.scale, steps)}${step === 1 ? "" : `, or at most ${stepCount(step - 1)}`}.`,
      );
    }
    shapes.push(next);
  }
  return shapes;
}

/** Why a step cannot be made; null where it can. */
function stepFault(before: TorusShape, next: TorusShape, { scale }: BlockRule, step: number): string | null {
  const undivided = before.find((side) => side % scale !== 0);
  if (undivided !== undefined) {
    return `${step === 1 ? "" : `at step ${step} `}the side ${undivided} is not divisible by ${scale}`;
  }
  if (next.every((side) => side >= SHORTEST_SIDE)) return null;
  return `step ${step} would leave ${next.join("×")} block spins, and sides must be at least ${SHORTEST_SIDE}`;
}

/** What the sides must be for so many steps, with the nearest to those that are not. */
function sidesAdvice(shape: TorusShape, scale: number, steps: number): string {
  const unit = scale ** steps;
  const least = SHORTEST_SIDE * unit;
  const wrong = new Set(shape.filter((side) => side % unit !== 0 || side < least));
  const nearest = [...wrong].map((side) => {
    const below = Math.floor(side / unit) * unit;
    const sides = below < least ? [least] : [below, below + unit];
    return `nearest to ${side}: ${sides.join(" and ")}`;
  });
  return `Take sides that are multiples of ${unit}, at least ${least} (${nearest.join("; ")})`;
}

function stepCount(steps: number): string {
  return `${steps} step${steps === 1 ? "" : "s"}`;
}
