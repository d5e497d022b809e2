import { DomainError } from "../../errors/index.js";
import { exp, expm1, log, log1p } from "../../kernels/elementary.js";
import { wholePower } from "./jet.js";

/** The chain with its ends joined. */
export interface ExactRing {
  /** ln Z, nats, extensive. */
  readonly logPartition: number;
  /** −(1/N) Σ ⟨v_i v_{i+1}⟩: the bond energy alone, also in a field. */
  readonly energyPerSite: number;
  /** K² ∂²(ln Z/N)/∂K² = K² Var(bond energy)/N. */
  readonly specificHeatPerSite: number;
  /** ⟨m⟩ = ⟨v_i⟩. */
  readonly magnetization: number;
  /** ⟨m²⟩ with m = Σ v/N. */
  readonly m2: number;
  /** ⟨m⁴⟩. */
  readonly m4: number;
}

/**
 * The 2 × 2 transfer matrix e^{Kvv' + B(v+v')/2} divided by e^{K+|B|}: eigenvalues λ± = cosh B ± R (in these units) with
 * R² = sinh²B + e^{−4K}, and the angle of its eigenvectors.
 */
interface Spectrum {
  /** ln of the larger eigenvalue. */
  readonly logLarger: number;
  /** ρ = λ₋/λ₊ in [0, 1], and 1 − ρ without cancellation. */
  readonly ratio: number;
  readonly gap: number;
  /** cos 2φ = sinh B/R and sin² 2φ = e^{−4K}/R². */
  readonly cosine: number;
  readonly squareSine: number;
  /** ∂ρ/∂K. */
  readonly ratioSlope: number;
}

/**
 * Exact ring of N ≥ 2 spins (N bonds; doubled at N = 2) with coupling K ≥ 0 and field B, from Z = λ₊^N + λ₋^N:
 *   G(r) = cos²2φ + sin²2φ (ρ^r + ρ^{N−r})/(1 + ρ^N),  ⟨m⟩ = cos2φ (1 − ρ^N)/(1 + ρ^N).
 * Cost O(N). Throws DomainError for arguments out of range.
 *
 * @param length N, the number of spins
 * @param coupling K = J/(k_B T)
 * @param field B, reduced
 */
export function exactRing(length: number, coupling: number, field = 0): ExactRing {
  requireRing(length, coupling, field);
  const spectrum = transferSpectrum(coupling, field);
  const { ratio, gap, cosine, squareSine } = spectrum;
  const power = wholePower(ratio, length);
  const squareCosine = cosine * cosine;
  const complement = complementOfPower(gap, length);
  const geometric = gap === 0 ? length : complement / gap; // Σ_r ρ^r
  return {
    logPartition: length * spectrum.logLarger + log1p(power),
    energyPerSite: 0 - correlation(length, spectrum, 1), // 0 − keeps the sign of zero at K = 0
    specificHeatPerSite: coupling * coupling * neighborSlope(length, spectrum),
    magnetization: field === 0 ? 0 : (cosine * complement) / (1 + power),
    m2: squareCosine + (squareSine * (1 + ratio) * geometric) / (length * (1 + power)),
    m4: fourthMoment(length, coupling, field),
  };
}

/**
 * G(r) = ⟨v_0 v_r⟩ for r = 0 … N−1 (not connected); (t^r + t^{N−r})/(1 + t^N) with t = tanh K at B = 0.
 * Throws DomainError for arguments out of range.
 *
 * @param length N ≥ 2, the number of spins
 * @param coupling K = J/(k_B T) ≥ 0
 * @param field B, reduced
 */
export function exactRingCorrelations(length: number, coupling: number, field = 0): Float64Array {
  requireRing(length, coupling, field);
  const spectrum = transferSpectrum(coupling, field);
  return Float64Array.from({ length }, (_, r) => correlation(length, spectrum, r));
}

/**
 * Second-moment correlation length of the ring at B = 0, [S(0)/S(2π/N) − 1]^{1/2}/(2 sin(π/N)) = √t/(1 − t): the same for
 * every N. t = tanh K. Lattice units; Infinity where 1 − t underflows. Throws DomainError for K < 0 or not finite.
 *
 * @param coupling K = J/(k_B T)
 */
export function ringCorrelationLength(coupling: number): number {
  requireRing(2, coupling, 0);
  const { ratio, gap } = transferSpectrum(coupling, 0);
  return Math.sqrt(ratio) / gap;
}

function correlation(length: number, spectrum: Spectrum, r: number): number {
  const { ratio, cosine, squareSine } = spectrum;
  const wrapped = wholePower(ratio, r) + wholePower(ratio, length - r);
  return cosine * cosine + (squareSine * wrapped) / (1 + wholePower(ratio, length));
}

function requireRing(length: number, coupling: number, field: number): void {
  if (!Number.isInteger(length) || length < 2) {
    throw new DomainError(`ring of ${length} spins: the length must be a whole number ≥ 2.`);
  }
  if (!Number.isFinite(coupling) || coupling < 0 || !Number.isFinite(field)) {
    throw new DomainError(`ring with K = ${coupling}, B = ${field}: expected finite numbers with K ≥ 0.`);
  }
}

function transferSpectrum(coupling: number, field: number): Spectrum {
  const magnitude = Math.abs(field);
  const shrink = exp(-2 * magnitude);
  const hyperbolicCosine = (1 + shrink) / 2; // all in units of e^{|B|}
  const hyperbolicSine = -expm1(-2 * magnitude) / 2;
  const mixing = exp(-2 * coupling - magnitude); // the off-diagonal element
  const radius = field === 0 ? mixing : Math.sqrt(hyperbolicSine * hyperbolicSine + mixing * mixing);
  const larger = hyperbolicCosine + radius;
  const squareSine = field === 0 ? 1 : (mixing / radius) * (mixing / radius);
  return {
    logLarger: coupling + magnitude + log(larger),
    ratio: (-expm1(-4 * coupling) * shrink) / (larger * larger),
    gap: Math.min(1, (2 * radius) / larger), // rounding must not take 1 − ρ above 1
    cosine: field === 0 ? 0 : (field > 0 ? hyperbolicSine : -hyperbolicSine) / radius,
    squareSine,
    ratioSlope: (4 * hyperbolicCosine * radius * squareSine) / (larger * larger),
  };
}

/** 1 − ρ^n for n ≥ 1 from 1 − ρ, without cancellation. */
function complementOfPower(gap: number, n: number): number {
  return -expm1(n * log1p(-gap));
}

/** ∂G(1)/∂K, a sum of non-negative terms. */
function neighborSlope(length: number, spectrum: Spectrum): number {
  const { ratio, gap, cosine, squareSine, ratioSlope } = spectrum;
  const power = wholePower(ratio, length);
  const denominator = 1 + power;
  // 1 − τ = (1 − ρ)(1 − ρ^{N−1})/(1 + ρ^N) for τ = (ρ + ρ^{N−1})/(1 + ρ^N)
  const missing = (gap * complementOfPower(gap, length - 1)) / denominator;
  const ratioDerivative =
    complementOfPower(gap, 2 * length - 2) + (length - 1) * wholePower(ratio, length - 2) * gap * (1 + ratio);
  return (
    4 * squareSine * cosine * cosine * missing +
    (squareSine * ratioSlope * ratioDerivative) / (denominator * denominator)
  );
}

const ORDER = 4;
/** A symmetric 2 × 2 matrix [a, b, d] whose entries are polynomials in β truncated after β⁴. */
type PolynomialMatrix = readonly [Float64Array, Float64Array, Float64Array];

/** ⟨m⁴⟩ = (∂⁴Z/∂B⁴)/(N⁴ Z) from the Taylor coefficients of Tr T(B + β)^N, by repeated squaring. */
function fourthMoment(length: number, coupling: number, field: number): number {
  const magnitude = Math.abs(field);
  const up = exp(field - magnitude);
  const down = exp(-field - magnitude);
  const exponential = (sign: number, weight: number): Float64Array =>
    Float64Array.of(1, sign, 1 / 2, sign / 6, 1 / 24).map((coefficient) => coefficient * weight);
  let square: PolynomialMatrix = [
    exponential(1, up),
    Float64Array.of(exp(-2 * coupling - magnitude), 0, 0, 0, 0),
    exponential(-1, down),
  ];
  let result: PolynomialMatrix = [
    Float64Array.of(1, 0, 0, 0, 0),
    new Float64Array(5),
    Float64Array.of(1, 0, 0, 0, 0),
  ];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiplySymmetric(result, square);
    square = multiplySymmetric(square, square);
  }
  const trace = result[0].map((a, j) => a + result[2][j]);
  return (24 * trace[ORDER]) / trace[0] / length / length / length / length;
}

/** Product of two commuting symmetric matrices (powers of one matrix), scaled to keep its entries near 1. */
function multiplySymmetric(f: PolynomialMatrix, g: PolynomialMatrix): PolynomialMatrix {
  const product: PolynomialMatrix = [new Float64Array(5), new Float64Array(5), new Float64Array(5)];
  for (let i = 0; i <= ORDER; i++) {
    for (let j = 0; i + j <= ORDER; j++) {
      product[0][i + j] += f[0][i] * g[0][j] + f[1][i] * g[1][j];
      product[1][i + j] += f[0][i] * g[1][j] + f[1][i] * g[2][j];
      product[2][i + j] += f[1][i] * g[1][j] + f[2][i] * g[2][j];
    }
  }
  const scale = 1 / Math.max(product[0][0], product[2][0]);
  for (const entry of product) for (let j = 0; j <= ORDER; j++) entry[j] *= scale;
  return product;
}
