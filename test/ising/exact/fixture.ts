import { readFileSync } from "node:fs";

interface Thermodynamics {
  readonly logZPerSite: number;
  readonly energyPerSite: number;
}

interface IsingFixture {
  readonly K: Readonly<Record<string, number>>;
  readonly tori: Readonly<Record<string, Readonly<Record<string, Thermodynamics>>>>;
  readonly infinite: Readonly<Record<string, Thermodynamics>>;
  readonly energyVariancePerSite40: Readonly<Record<string, number>>;
  readonly densityOfStates: Readonly<Record<string, Readonly<Record<string, number | boolean>>>>;
  readonly moments: Readonly<Record<string, readonly number[]>>;
  readonly wolffGeneratorTest: { L: number; K: number; energyPerSite: number; specificHeatPerSite: number };
  readonly ring: Readonly<Record<string, { logZ: number; energyPerSite: number; m2: number }>>;
  readonly yang: Readonly<Record<string, number>>;
  readonly xiAxial: Readonly<Record<string, number>>;
}

/** Reference values computed independently of this program (see the fixture's own notes). */
export const fixture = JSON.parse(
  readFileSync(new URL("../../fixtures/ising-exact.json", import.meta.url), "utf8"),
) as IsingFixture;

export const CRITICAL = 0.44068679350977147;

/** |actual/expected − 1|, or |actual| where the expected value is 0. */
export function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / (expected === 0 ? 1 : Math.abs(expected));
}
