import { formatCsv } from "../../io/index.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { curvesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import { allOf, decide, type Measured, type Verdict, within, withError } from "../verdicts.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { writeTable } from "../write-table.js";
import { listed, numberOf, runTable, type TableRow } from "./run-tables.js";

/** A fixed point within this share of a temperature is at it, two standard deviations included. */
const TOLERANCE = 0.05;

/** The thermometer that reads every state, most precisely. */
const STANDARD = "inverse-onsager";

const CRITICAL = 1 / CRITICAL_COUPLING;

/** Where one machine takes configurations. */
export interface RunFlow {
  /** What it was trained on: T = …, or the control; with its layers and penalty. */
  readonly name: string;
  /** Temperature of the data; NaN of controls. */
  readonly temperature: number;
  readonly machine: string;
  readonly kind: string;
  /** Of all thermometers together. */
  readonly verdict: string;
  /** The one fixed point of the thermometer of the energy; NaN where there are none or several. */
  readonly fixed: Measured;
  readonly stable: boolean;
  /** Whether most ends are Ising states as far as the residual test tells. */
  readonly ising: boolean;
}

/** (5) Where v → h → v′ and the step from layer to layer take Ising configurations. */
export async function concludeFlows(
  trained: readonly StudyRun[],
  stacks: readonly StudyRun[],
  controls: readonly StudyRun[],
  folder: string,
): Promise<{ readonly claims: readonly Claim[]; readonly flow: Verdict }> {
  const flows = [...trained, ...stacks].flatMap((run) => readFlows(run, false));
  const nulls = controls.flatMap((run) => readFlows(run, true));
  writeTable(
    folder,
    "flows",
    [
      "trained_on",
      "machine",
      "flow",
      "verdict",
      "fixed_temperature",
      "fixed_temperature_error",
      "stable",
      "ising",
    ],
    [...flows, ...nulls].map((f) => [
      ...[f.name, f.machine, f.kind, f.verdict, known(f.fixed.value), known(f.fixed.error)],
      ...[Number.isNaN(f.fixed.value) ? null : f.stable ? 1 : 0, f.ising ? 1 : 0],
    ]),
  );
  const own = flows.filter(isTrained).filter(({ kind }) => kind === "gibbs");
  if (own.length > 0) await draw(own, folder);
  return { claims: judgeFlows(flows, nulls), flow: flowsAsRg(flows) };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function isTrained({ machine }: RunFlow): boolean {
  return machine === "trained";
}

function readFlows(run: StudyRun, isControl: boolean): readonly RunFlow[] {
  const rows = runTable(run, "flow-verdicts.csv");
  const { l1 } = run.config.training.penalty;
  const temperature = summaryNumber(run, "temperature");
  const data = isControl ? run.summary["data_control"] : `T = ${short(temperature)}`;
  const layers = run.config.hidden.length > 1 ? `, layers ${run.config.hidden.join(" and ")}` : "";
  return rows
    .filter(({ thermometer }) => thermometer === "all")
    .map((row) => {
      const points = rows.filter(
        (other) =>
          other["thermometer"] === STANDARD &&
          other["machine"] === row["machine"] &&
          other["flow"] === row["flow"],
      );
      const only: TableRow | undefined = points.length === 1 ? points[0] : undefined;
      return {
        name: `${data}${l1 > 0 ? `, L1 ${l1}` : ""}${layers}`,
        temperature: isControl ? NaN : temperature,
        machine: row["machine"],
        kind: row["flow"],
        verdict: row["verdict"],
        fixed: {
          value: numberOf(only, "fixed_temperature"),
          error: numberOf(only, "fixed_temperature_error"),
        },
        stable: only?.["stable"] === "1",
        ising: row["ising"] === "1",
      };
    });
}

/** Whether a flow has one stable fixed point, and that at a temperature. */
function goesTo(flow: RunFlow, temperature: number): Verdict {
  if (Number.isNaN(flow.fixed.value) || !flow.stable) return "no";
  return within(flow.fixed, temperature, TOLERANCE * temperature);
}

/** Whether T_c is where a flow turns away from, as of every renormalization group. */
function turnsAwayFromCritical(flow: RunFlow): Verdict {
  if (Number.isNaN(flow.fixed.value) || flow.stable) return "no";
  return within(flow.fixed, CRITICAL, TOLERANCE * CRITICAL);
}

/** Whether any flow of trained weights is one of a renormalization group; undecided without flows. */
export function flowsAsRg(flows: readonly RunFlow[]): Verdict {
  const verdicts = flows.filter(isTrained).map(turnsAwayFromCritical);
  if (verdicts.includes("yes")) return "yes";
  return verdicts.length === 0 || verdicts.includes("undecided") ? "undecided" : "no";
}

/** Verdicts on where flows go. */
export function judgeFlows(flows: readonly RunFlow[], controls: readonly RunFlow[]): readonly Claim[] {
  const trained = flows.filter(isTrained);
  const [gibbs, upward] = ["gibbs", "layers"].map((kind) => trained.filter((flow) => flow.kind === kind));
  const away = gibbs.filter(({ temperature }) => Math.abs(temperature / CRITICAL - 1) > TOLERANCE);
  const claim = (
    words: string,
    all: readonly RunFlow[],
    judge: (flow: RunFlow) => Verdict,
    text: (flow: RunFlow) => string = describe,
  ): Claim => ({ claim: words, measured: listed(all.map(text)), verdict: allOf(all.map(judge)) });
  const percent = `within ${100 * TOLERANCE} %, by the energy`;
  return [
    claim(
      `v → h → v′ flows to T_c whatever temperature the RBM was trained at (Iso, Shiba & Yokoo; ${percent})`,
      away,
      (flow) => goesTo(flow, CRITICAL),
    ),
    claim(`v → h → v′ flows to the temperature of the data (${percent})`, gibbs, (flow) =>
      goesTo(flow, flow.temperature),
    ),
    claim(
      "where v → h → v′ arrives are Ising states at some temperature (residual test: most ends not rejected)",
      gibbs,
      ({ ising }) => decide(ising, 1),
      (flow) => `${flow.name}: ${flow.ising ? "yes" : "no"}`,
    ),
    claim(
      `from layer to layer T_c is an unstable fixed point, as of a renormalization group (${percent})`,
      upward,
      turnsAwayFromCritical,
    ),
    nullClaim([...flows.filter((flow) => !isTrained(flow)), ...controls.filter(isTrained)]),
  ];
}

function describe({ name, fixed, stable, verdict }: RunFlow): string {
  const point = Number.isNaN(fixed.value)
    ? "no fixed point"
    : `${stable ? "to" : "away from"} T = ${withError(fixed)}`;
  return `${name}: ${point} (all thermometers: ${verdict})`;
}

/** Machines that learned nothing, or something else, and what they do by v → h → v′. */
function nullClaim(all: readonly RunFlow[]): Claim {
  const nulls = all.filter(({ kind }) => kind === "gibbs");
  const [certain, open] = (["yes", "undecided"] as const).map((verdict) =>
    nulls.filter((flow) => goesTo(flow, CRITICAL) === verdict),
  );
  const text = ({ machine, name, fixed }: RunFlow): string => `${machine}, ${name}: T = ${withError(fixed)}`;
  return {
    claim:
      "no null flows to T_c: untrained, shuffled or permuted weights, and weights trained on permuted sites, mean-field data, a Gaussian clone, T ∈ {0, ∞} or T = ∞",
    measured:
      nulls.length === 0
        ? "not measured at this scale"
        : [
            `${certain.length} of ${nulls.length} do${certain.length === 0 ? "" : `: ${listed(certain.map(text))}`}`,
            ...(open.length === 0 ? [] : [`not told: ${listed(open.map(text))}`]),
          ].join("; "),
    verdict: allOf(
      nulls.map((flow): Verdict => {
        const to = goesTo(flow, CRITICAL);
        return to === "undecided" ? to : to === "yes" ? "no" : "yes";
      }),
    ),
  };
}

async function draw(flows: readonly RunFlow[], folder: string): Promise<void> {
  const shown = flows.toSorted((a, b) => a.temperature - b.temperature);
  const series = [false, true].map((penalized) => {
    const own = shown.filter(({ name }) => name.includes("L1") === penalized);
    return {
      name: penalized ? "with L1 penalty" : "without penalty",
      x: own.map(({ temperature }) => temperature),
      y: own.map(({ fixed, stable }) => (stable ? fixed.value : NaN)),
      error: own.map(({ fixed }) => fixed.error),
    };
  });
  const temperatures = shown.map(({ temperature }) => temperature);
  const figure = await curvesFigure({
    title: "Where v → h → v′ takes Ising configurations",
    subtitle: "stable fixed point by the energy, against the temperature of the training data",
    xLabel: "temperature of the data (J/k_B)",
    yLabel: "temperature of the fixed point (J/k_B)",
    series: [
      ...series.filter(({ x }) => x.length > 0),
      { name: "that of the data", x: temperatures, y: temperatures, dash: [1, 3] },
    ],
    referenceLines: [{ axis: "y", value: CRITICAL, label: "T_c" }],
  });
  const csv = formatCsv(
    ["trained_on", "temperature", "fixed_temperature", "fixed_temperature_error", "stable"],
    shown.map((f) => [f.name, f.temperature, known(f.fixed.value), known(f.fixed.error), f.stable ? 1 : 0]),
  );
  writeFigure(folder, "flow-fixed-points", figure, csv);
}
