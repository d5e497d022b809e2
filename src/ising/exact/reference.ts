import type { IsingModel } from "../model.js";
import { secondMomentCorrelationLength, squareMagnetization } from "./correlation-moments.js";
import { enumerateIsing, MAX_ENUMERATED_SITES } from "./enumeration.js";
import { exactRing, exactRingCorrelations, ringCorrelationLength } from "./ring.js";
import { exactTorus } from "./torus.js";
import { exactTorusCorrelations } from "./torus-correlations.js";
import { MAX_TRANSFER_WIDTH, transferMatrix } from "./transfer-matrix.js";

/** What can be known exactly of an Ising model, in the order in which tables print it. */
export const EXACT_QUANTITIES = [
  "logPartition",
  "energyPerSite",
  "specificHeat",
  "magnetization",
  "absMagnetization",
  "m2",
  "m4",
  "binder",
  "susceptibility",
  "correlationLength",
] as const;

/** The name of a quantity that may be exactly known. */
export type ExactQuantity = (typeof EXACT_QUANTITIES)[number];

/**
 * The quantities that are known exactly; those that no method here reaches are absent.
 * - logPartition: ln Z, nats, extensive.
 * - energyPerSite: −(1/N) Σ_bonds ⟨v v'⟩ (J = 1; the bond energy alone, also in a field).
 * - specificHeat: per site, K² Var(bond energy)/N.
 * - magnetization ⟨m⟩, absMagnetization ⟨|m|⟩, m2 ⟨m²⟩, m4 ⟨m⁴⟩, with m = Σ v/N.
 * - binder: 1 − ⟨m⁴⟩/(3⟨m²⟩²).
 * - susceptibility: N⟨m²⟩ at B = 0, N(⟨m²⟩ − ⟨m⟩²) otherwise: ∂⟨m⟩/∂B with B reduced, no factor K.
 * - correlationLength: second moment, of the finite lattice at B = 0, lattice units (mean of both axes).
 */
export type ExactReference = Readonly<Partial<Record<ExactQuantity, number>>>;

/** One exact value and where it comes from, for tables. */
export interface ExactReferenceRow {
  /** Its name, see `ExactReference`. */
  readonly quantity: ExactQuantity;
  /** In the units of `ExactReference`. */
  readonly value: number;
  /** What gave it, in words, such as `enumeration` or `transfer matrix`. */
  readonly method: string;
}

/** Lattices whose two-point function takes no more than a few seconds. */
const MAX_CORRELATION_SITES = 4096;
const MAX_CORRELATION_SIDE = 128;

/** Transfer-matrix work, rows × (states² + overhead), that takes no more than a few seconds. */
const MAX_TRANSFER_WORK = 1e9;
const TRANSFER_OVERHEAD = 1000;

/** Every quantity that is exactly known for the model (see ExactReference). At most a few seconds; 40 × 40 half a second. */
export function exactReference(model: IsingModel): ExactReference {
  const reference: Partial<Record<ExactQuantity, number>> = {};
  for (const { quantity, value } of exactReferenceTable(model)) reference[quantity] = value;
  return reference;
}

/**
 * The same with the method that gave each value, in the order of EXACT_QUANTITIES: enumeration up to 24 sites; the
 * ring's 2 × 2 transfer matrix; Kaufman's closed form for ln Z, E and C of a zero-field torus; the transfer matrix of a
 * torus with a side w ≤ 12 for the moments and for any field, if its length M has M (4^w + 1000) ≤ 10⁹ (12 × 59); the
 * Pfaffian two-point function of a zero-field torus up to 4096 sites with sides ≤ 128 for m², susceptibility and
 * correlation length. A larger torus in a field has no exact values: an empty table.
 */
export function exactReferenceTable(model: IsingModel): readonly ExactReferenceRow[] {
  const found = new Map<ExactQuantity, ExactReferenceRow>();
  const add = (method: string, values: ExactReference): void => {
    for (const quantity of EXACT_QUANTITIES) {
      const value = values[quantity];
      if (value !== undefined && !found.has(quantity)) found.set(quantity, { quantity, value, method });
    }
  };
  if (model.field === 0) add("symmetry under v → −v", { magnetization: 0 });
  if (model.lattice.sites <= MAX_ENUMERATED_SITES) add("enumeration", fromEnumeration(model));
  if (model.lattice.kind === "chain") addRing(model, add);
  else addTorus(model, add);
  return EXACT_QUANTITIES.flatMap((quantity) => found.get(quantity) ?? []);
}

type AddValues = (method: string, values: ExactReference) => void;

function addRing(model: IsingModel, add: AddValues): void {
  const { lattice, coupling, field } = model;
  const { specificHeatPerSite, ...ring } = exactRing(lattice.sites, coupling, field);
  add("2 × 2 transfer matrix", { specificHeat: specificHeatPerSite, ...withRatios(model, ring) });
  if (field === 0) add("2 × 2 transfer matrix", { correlationLength: ringCorrelationLength(coupling) });
}

function addTorus(model: IsingModel, add: AddValues): void {
  const { lattice, coupling, field } = model;
  const [width, height] = lattice.shape as readonly [number, number];
  if (field === 0) {
    const { specificHeatPerSite, ...torus } = exactTorus(width, height, coupling);
    add("closed form (Kaufman)", { ...torus, specificHeat: specificHeatPerSite });
  }
  if (lattice.sites > MAX_ENUMERATED_SITES && transferMatrixFits(width, height)) {
    const { specificHeatPerSite, ...moments } = transferMatrix(model);
    add("transfer matrix", { specificHeat: specificHeatPerSite, ...withRatios(model, moments) });
  }
  const correlations = exactCorrelations(model);
  if (correlations !== null) {
    const m2 = squareMagnetization(correlations);
    const correlationLength = secondMomentCorrelationLength(correlations, width, height);
    add("two-point function (Pfaffians)", {
      m2,
      susceptibility: lattice.sites * m2,
      ...(correlationLength === undefined ? {} : { correlationLength }),
    });
  }
}

/**
 * The two-point function ⟨v_0 v_r⟩ of every displacement, row-major, where it is known exactly in a few seconds: on rings,
 * and on tori without field up to 4096 sites with sides ≤ 128; else null.
 *
 * @param model K, B and the lattice
 */
export function exactCorrelations({ lattice, coupling, field }: IsingModel): Float64Array | null {
  if (lattice.kind === "chain") return exactRingCorrelations(lattice.sites, coupling, field);
  const [width, height] = lattice.shape as readonly [number, number];
  const small = lattice.sites <= MAX_CORRELATION_SITES && Math.max(width, height) <= MAX_CORRELATION_SIDE;
  return field === 0 && small ? exactTorusCorrelations(width, height, coupling) : null;
}

function transferMatrixFits(width: number, height: number): boolean {
  const side = Math.min(width, height);
  const work = Math.max(width, height) * (4 ** side + TRANSFER_OVERHEAD);
  return side <= MAX_TRANSFER_WIDTH && work <= MAX_TRANSFER_WORK;
}

function fromEnumeration(model: IsingModel): ExactReference {
  const { specificHeatPerSite, ...moments } = enumerateIsing(model);
  return { specificHeat: specificHeatPerSite, ...withRatios(model, moments) };
}

/** Add the Binder cumulant and the susceptibility to the moments they follow from. */
function withRatios<Moments extends { magnetization: number; m2: number; m4: number }>(
  model: IsingModel,
  moments: Moments,
) {
  const { magnetization, m2, m4 } = moments;
  return {
    ...moments,
    binder: 1 - m4 / (3 * m2 * m2),
    susceptibility: model.lattice.sites * (m2 - magnetization * magnetization),
  };
}
