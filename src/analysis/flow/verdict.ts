import { CRITICAL_COUPLING } from "../../ising/model.js";
import { withError } from "../../statistics/number-text.js";
import { type ThermometerName, thermometerNames } from "../thermometers/index.js";
import { findFixedPoints, type FixedPoint, type FlowDirections } from "./fixed-points.js";
import { couplingChange, type Trajectory } from "./trajectory.js";

/** Below this probability an end of a flow is no Ising state. */
const LEVEL = 0.01;

/** K* of a thermometer may be this many standard deviations from a known coupling and still be it. */
const AGREEMENT = 3;

/** Fewer starts than this say nothing of a direction. */
const LEAST_STARTS = 2;

/**
 * Where a flow goes: to one stable fixed point, at K_c (`critical`), at K of the data (`data`) or at neither
 * (`elsewhere`); `away` from one unstable fixed point; between `several`; without any, to `hotter` or `colder` states.
 * `unclear`: too few starts are read or change, or those at the end of their range do not. `disagreement`: thermometers
 * say different things.
 */
export type FlowKind =
  "critical" | "data" | "elsewhere" | "away" | "several" | "hotter" | "colder" | "unclear" | "disagreement";

/** What one thermometer says of a flow. */
export interface ThermometerVerdict extends FlowDirections {
  /** Which one. */
  readonly thermometer: ThermometerName;
  /** Where the flow goes by it. */
  readonly kind: Exclude<FlowKind, "disagreement">;
}

/** Where a flow goes, in words, and whether what it goes through are Ising states. */
export interface FlowVerdict {
  /** That of all thermometers that say anything, or `disagreement`. */
  readonly kind: FlowKind;
  /** One for each thermometer, in the order of the table. */
  readonly thermometers: readonly ThermometerVerdict[];
  /** Whether no two fixed points, of one thermometer or of two, are more than 3 standard deviations apart. */
  readonly agree: boolean;
  /** Ends of trajectories whose residual test gives p < 0.01. */
  readonly rejected: number;
  /** Ends that the residual test could test. */
  readonly tested: number;
  /** False where more than half of the ends tested are rejected: they are no Ising states at any temperature. */
  readonly isIsing: boolean;
  /** All of this in one sentence. */
  readonly words: string;
}

/**
 * Sum up the trajectories of one flow from several temperatures; `dataCoupling` is K of the data that the machine was trained on,
 * null where it is not known.
 */
export function flowVerdict(trajectories: readonly Trajectory[], dataCoupling: number | null): FlowVerdict {
  const thermometers = thermometerNames.map((name) => judge(name, trajectories, dataCoupling));
  const kinds = new Set(thermometers.map(({ kind }) => kind).filter((kind) => kind !== "unclear"));
  const kind = kinds.size === 0 ? "unclear" : kinds.size === 1 ? [...kinds][0] : "disagreement";
  const ends = trajectories.map(({ points }) => points.at(-1)!.state.residual.pValue);
  const tested = ends.filter((p) => Number.isFinite(p)).length;
  const rejected = ends.filter((p) => p < LEVEL).length;
  const isIsing = 2 * rejected <= tested;
  const state = isIsing
    ? `the ends are Ising states as far as the residual test tells (rejected: ${rejected} of ${tested}, p < ${LEVEL})`
    : `the ends are not Ising states at any T (residual test: ${rejected} of ${tested} rejected, p < ${LEVEL})`;
  const agree = fixedPointsAgree(thermometers);
  const words = `${directionWords(kind, thermometers, agree, dataCoupling)}; ${state}`;
  return { kind, thermometers, agree, rejected, tested, isIsing, words };
}

function judge(
  thermometer: ThermometerName,
  trajectories: readonly Trajectory[],
  dataCoupling: number | null,
): ThermometerVerdict {
  const changes = trajectories.flatMap((trajectory) => couplingChange(trajectory, thermometer) ?? []);
  const directions = findFixedPoints(changes);
  return { thermometer, ...directions, kind: kindOf(directions, dataCoupling) };
}

function kindOf(
  { fixedPoints, growing, shrinking, coldest, hottest }: FlowDirections,
  dataCoupling: number | null,
): ThermometerVerdict["kind"] {
  if (growing + shrinking < LEAST_STARTS) return "unclear";
  if (fixedPoints.length > 1) return "several";
  const only = fixedPoints.at(0);
  if (only === undefined) return coldest > 0 ? "colder" : hottest < 0 ? "hotter" : "unclear";
  if (!only.stable) return "away";
  if (agrees(only, CRITICAL_COUPLING)) return "critical";
  return dataCoupling !== null && agrees(only, dataCoupling) ? "data" : "elsewhere";
}

function fixedPointsAgree(thermometers: readonly ThermometerVerdict[]): boolean {
  const points = thermometers.flatMap(({ fixedPoints }) => fixedPoints.map(({ coupling }) => coupling));
  return points.every((a) =>
    points.every((b) => Math.abs(a.value - b.value) <= AGREEMENT * Math.sqrt(a.error ** 2 + b.error ** 2)),
  );
}

function agrees({ coupling: { value, error } }: FixedPoint, known: number): boolean {
  return Math.abs(value - known) <= AGREEMENT * error;
}

const three = (value: number): string => String(Number(value.toPrecision(4)));

/** T of a fixed point with its error, and the starts it lies between. */
function temperatureWords({ coupling: { value, error }, between: [low, high] }: FixedPoint): string {
  const range = [1 / high, low > 0 ? 1 / low : Infinity].map((t) => (t === Infinity ? "∞" : three(t)));
  return `T = ${withError(1 / value, error / (value * value), 4)} (between the starts ${range.join(" and ")})`;
}

function directionWords(
  kind: FlowKind,
  thermometers: readonly ThermometerVerdict[],
  agree: boolean,
  dataCoupling: number | null,
): string {
  const critical = `T_c = ${three(1 / CRITICAL_COUPLING)}`;
  const data = dataCoupling === null ? "" : dataCoupling === 0 ? "∞" : three(1 / dataCoupling);
  const phrases: Readonly<Record<FlowKind, string>> = {
    critical:
      dataCoupling !== null && dataCoupling === CRITICAL_COUPLING
        ? `toward ${critical}, which is also the temperature of the data`
        : `toward ${critical}`,
    data: `toward the temperature of the data, T = ${data}, not toward ${critical}`,
    elsewhere: `toward a fixed point that is not ${critical}`,
    away: "away from an unstable fixed point, to lower temperatures below it and higher ones above",
    several: "between several fixed points",
    hotter: "no fixed point between the starts: every start moves to higher temperatures",
    colder: "no fixed point between the starts: every start moves to lower temperatures",
    unclear: "no direction can be told",
    disagreement: "thermometers disagree about the direction",
  };
  const details = thermometers
    .filter((verdict) => verdict.kind !== "unclear")
    .filter((verdict) => kind === "disagreement" || verdict.fixedPoints.length > 0)
    .map(({ thermometer, fixedPoints, kind: own }) => {
      const places = fixedPoints.map(temperatureWords).join(", ");
      const name = kind === "disagreement" ? `${thermometer} ${own}` : thermometer;
      return places === "" ? name : `${name}: ${places}`;
    });
  const doubt = agree || kind === "disagreement" ? "" : ", whose temperature is another by each thermometer";
  return details.length === 0 ? phrases[kind] : `${phrases[kind]}${doubt} [${details.join("; ")}]`;
}
