import { exactInfiniteLattice } from "../../ising/exact/index.js";
import { parseLattice } from "../../ising/lattice.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { type StudyRun, summaryNumber } from "../study.js";

/** One run: what it was trained on, and how large its receptive fields are. Lengths in sites. */
export interface SizePoint {
  readonly temperature: number;
  /** Whether T > T_c. */
  readonly disordered: boolean;
  /** ξ of the infinite lattice along an axis; below T_c that of the connected correlations. */
  readonly xi: number;
  /** α = m/n. */
  readonly alpha: number;
  readonly seed: string;
  readonly l1: number;
  /** What the data were replaced by. */
  readonly control: string;
  /** Median radius of the cores of the fields, R. */
  readonly radius: number;
  /** Median width of the Gaussian fitted to a field. */
  readonly gaussianLength: number;
  /** Median participation ratio. */
  readonly participationRatio: number;
  /** Median radius of gyration over the whole lattice, and the least that chance gives to 95 % of shuffled fields. */
  readonly radiusOfGyration: number;
  readonly shuffledRadius: number;
  /** Share of the units whose field is smaller than chance allows. */
  readonly beyondNull: number;
  readonly blockSize: number;
  readonly blockOverlap: number;
}

/** Share of units with a field of its own above which their median size means something. */
const SIZED_SHARE = 0.5;

export function sizePoint(run: StudyRun): SizePoint {
  const value = (name: string): number => summaryNumber(run, name);
  const coupling = value("coupling");
  const { sites } = parseLattice(run.summary["lattice"]);
  return {
    temperature: 1 / coupling,
    disordered: coupling < CRITICAL_COUPLING,
    xi: exactInfiniteLattice(coupling).correlationLength,
    alpha: run.config.hidden[0] / sites,
    seed: run.config.seed,
    l1: run.config.training.penalty.l1,
    control: run.summary["data_control"] ?? "none",
    radius: value("core_radius_1"),
    gaussianLength: value("gaussian_length_1"),
    participationRatio: value("participation_ratio_1"),
    radiusOfGyration: value("radius_of_gyration_1"),
    shuffledRadius: value("shuffled_radius_lower_1"),
    beyondNull: value("beyond_null_fraction_1"),
    blockSize: value("block_size_1"),
    blockOverlap: value("block_overlap_1"),
  };
}

/** Whether the fields of a run are smaller than chance allows, in at least half of its units. */
export function hasSize({ beyondNull, radius }: SizePoint): boolean {
  return beyondNull >= SIZED_SHARE && radius > 0;
}

export const pointColumns = [
  "control",
  "l1",
  "temperature",
  "xi",
  "alpha",
  "seed",
  "core_radius",
  "gaussian_length",
  "participation_ratio",
  "radius_of_gyration",
  "shuffled_radius_lower",
  "beyond_null_fraction",
  "block_size",
  "block_overlap",
] as const;

/** A row of tables/sizes.csv. */
export function pointRow(point: SizePoint): readonly (string | number)[] {
  return [
    point.control,
    point.l1,
    point.temperature,
    point.xi,
    point.alpha,
    point.seed,
    point.radius,
    point.gaussianLength,
    point.participationRatio,
    point.radiusOfGyration,
    point.shuffledRadius,
    point.beyondNull,
    point.blockSize,
    point.blockOverlap,
  ];
}
