import { blockJackknife, type Measured } from "../../statistics/index.js";
import type { MagnetizationReference } from "./magnetization-reference.js";
import { residualTest, type ResidualTest } from "./residual-test.js";
import { type GroupedAverages, nearestCorrelation } from "./spin-averages.js";
import type { Thermometer } from "./thermometer.js";
import { type ThermometerName, thermometerNames, thermometers } from "./thermometers.js";

/** What one thermometer says. */
export interface ThermometerReading {
  /** Which one. */
  readonly thermometer: ThermometerName;
  /** K; the error is that of the configurations and of the reference together. */
  readonly coupling: Measured;
  /** 1/K, error σ_K/K². */
  readonly temperature: Measured;
  /** One standard deviation of K from the reference alone: 0 where none is needed, NaN where it is missing. */
  readonly referenceError: number;
  /** K from all configurations, not corrected for bias, and without each group: for errors of differences. */
  readonly replicates: Replicates;
}

/** An estimate from all samples and from all but each group. */
export interface Replicates {
  /** From all samples. */
  readonly whole: number;
  /** From all samples but those of each group. */
  readonly without: readonly number[];
}

/** What all thermometers say of one set of configurations, and whether they can all be right. */
export interface SpinState {
  /** ⟨v v'⟩ of nearest neighbours. */
  readonly nearestCorrelation: Measured;
  /** ⟨|m|⟩, m = Σv/N. */
  readonly absMagnetization: Measured;
  /** One for each thermometer, in the order of the table. */
  readonly readings: readonly ThermometerReading[];
  /** Whether the configurations can be Ising configurations of any temperature. */
  readonly residual: ResidualTest;
}

/**
 * Read every thermometer of the table; those that need a reference say NaN without.
 *
 * @param averages what `measureSpins` made of the configurations
 * @param reference of the same torus, from `sampleReference`; null, the default: none
 */
export function readThermometers(
  averages: GroupedAverages,
  reference: MagnetizationReference | null = null,
): SpinState {
  const jackknife = (f: (average: GroupedAverages["whole"]) => number): Measured =>
    blockJackknife(f(averages.whole), averages.without.map(f));
  const readings = thermometerNames.map((name) => read(name, averages, reference));
  return {
    nearestCorrelation: jackknife(nearestCorrelation),
    absMagnetization: jackknife((average) => average.absMagnetization),
    readings,
    residual: residualTest(averages, readings),
  };
}

function read(
  name: ThermometerName,
  averages: GroupedAverages,
  reference: MagnetizationReference | null,
): ThermometerReading {
  const thermometer: Thermometer = thermometers[name];
  const whole = thermometer.coupling(averages.whole, reference);
  const near = Number.isFinite(whole) ? whole : undefined;
  const without = averages.without.map((average) => thermometer.coupling(average, reference, near));
  const { value, error: own } = blockJackknife(whole, without);
  const added = thermometer.referenceError?.(whole, reference) ?? 0;
  const error = Math.sqrt(own * own + added * added);
  const coupling = Number.isFinite(value) && Number.isFinite(error) ? { value, error } : unread(whole);
  return {
    thermometer: name,
    coupling,
    temperature: { value: 1 / coupling.value, error: coupling.error / coupling.value ** 2 },
    referenceError: added,
    replicates: { whole, without },
  };
}

/** Zero temperature has no error bar; elsewhere there is no value. */
function unread(whole: number): Measured {
  return { value: Math.abs(whole) === Infinity ? whole : NaN, error: NaN };
}
