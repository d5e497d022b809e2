import { formatCsv } from "../../io/index.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { curvesFigure } from "../../report/figures/index.js";
import { writeFigure } from "../../report/write-figure.js";
import { short } from "../number-text.js";
import type { Claim, StudyRun } from "../study.js";
import { allOf, decide, type Verdict, within, withError } from "../verdicts.js";
import { writeTable } from "../write-table.js";
import { flowColumns, flowRows, known, readFlows, type RunFlow } from "./flow-runs.js";
import { listed, NOT_MEASURED } from "./run-tables.js";

/** A fixed point within this share of a temperature is at it, two standard deviations included. */
const TOLERANCE = 0.05;

const CRITICAL = 1 / CRITICAL_COUPLING;

/** What flows say about renormalization. */
export interface FlowAnswer {
  readonly verdict: Verdict;
  readonly words: string;
}

/** (5) Where v → h → v′ and the step from layer to layer take Ising configurations. */
export async function concludeFlows(
  trained: readonly StudyRun[],
  stacks: readonly StudyRun[],
  controls: readonly StudyRun[],
  folder: string,
): Promise<{ readonly claims: readonly Claim[]; readonly answer: FlowAnswer }> {
  // The first layer of a stack is one of the machines trained by themselves, and so is its v → h → v′.
  const flows = [
    ...trained.flatMap((run) => readFlows(run, false)),
    ...stacks.flatMap((run) => readFlows(run, false)).filter(({ kind }) => kind === "layers"),
  ];
  const nulls = controls.flatMap((run) => readFlows(run, true));
  writeTable(folder, "flows", flowColumns, [...flows, ...nulls].flatMap(flowRows));
  const own = flows.filter(isTrained).filter(({ kind }) => kind === "gibbs");
  if (own.length > 0) await draw(own, folder);
  return { claims: judgeFlows(flows, nulls), answer: flowsAsRg(flows, nulls) };
}

function isTrained({ machine }: RunFlow): boolean {
  return machine === "trained";
}

/**
 * Whether a flow has one fixed point, stable, and that at a temperature: within 5 % lie the fixed point with two standard
 * deviations, and the ends of all trajectories. "No" where none of them does; undecided else, as where a flow has not arrived.
 */
function goesTo({ fixed, ends }: RunFlow, temperature: number): Verdict {
  if (fixed.length !== 1 || !fixed[0].stable) return "no";
  const { value, error } = fixed[0];
  if (!Number.isFinite(error) || ends.some(Number.isNaN)) return "undecided";
  const [low, high] = [Math.min(value - 2 * error, ends[0]), Math.max(value + 2 * error, ends[1])];
  const [from, to] = [(1 - TOLERANCE) * temperature, (1 + TOLERANCE) * temperature];
  if (low >= from && high <= to) return "yes";
  return high < from || low > to ? "no" : "undecided";
}

/** Whether T_c is where a flow turns away from to both sides, as of every renormalization group. */
function turnsAwayFromCritical({ fixed }: RunFlow): Verdict {
  const verdicts = fixed
    .filter(({ stable }) => !stable)
    .map((point) => within(point, CRITICAL, TOLERANCE * CRITICAL));
  return verdicts.includes("yes") ? "yes" : verdicts.includes("undecided") ? "undecided" : "no";
}

/** Null machines, and machines trained on null data, of one kind of flow; untrained weights are the same in every run. */
function nullsOf(flows: readonly RunFlow[], controls: readonly RunFlow[], kind: string): readonly RunFlow[] {
  const all = [...flows.filter((flow) => !isTrained(flow)), ...controls.filter(isTrained)].filter(
    (flow) => flow.kind === kind,
  );
  const isFirstUntrained = (flow: RunFlow): boolean =>
    flow === all.find(({ machine, name }) => machine === "untrained" && !name.includes("layers"));
  return all.filter(
    (flow) => flow.machine !== "untrained" || flow.name.includes("layers") || isFirstUntrained(flow),
  );
}

/**
 * Whether flows show a renormalization group: v → h → v′ cannot, being a Markov chain with one stationary state; the step from
 * layer to layer does if all trained ones turn away from T_c and no null does.
 */
export function flowsAsRg(flows: readonly RunFlow[], controls: readonly RunFlow[]): FlowAnswer {
  const trained = flows.filter((flow) => isTrained(flow) && flow.kind === "layers");
  const nulls = nullsOf(flows, controls, "layers");
  const away = (all: readonly RunFlow[]): number =>
    all.filter((flow) => turnsAwayFromCritical(flow) === "yes").length;
  const [own, others] = [away(trained), away(nulls)];
  const counts = `${own} of ${trained.length} trained maps from layer to layer turn away from T_c to both sides`;
  if (trained.length === 0)
    return { verdict: "undecided", words: "as a flow it cannot be told at this scale" };
  if (trained.every((flow) => turnsAwayFromCritical(flow) === "no")) {
    return { verdict: "no", words: `as a flow it does not: ${counts}` };
  }
  if (others > 0) {
    const words = `as a flow nothing shows that it does: ${counts}, and so do ${others} of ${nulls.length} that learned nothing, or something else`;
    return { verdict: "undecided", words };
  }
  const verdict = allOf([...trained.map(turnsAwayFromCritical), ...nulls.map(doesNotTurn)]);
  const answers: Readonly<Record<Verdict, string>> = {
    yes: "it does",
    no: "not all do",
    undecided: "not told",
  };
  return { verdict, words: `as a flow, ${answers[verdict]}: ${counts}, and no null does` };
}

function doesNotTurn(flow: RunFlow): Verdict {
  return not(turnsAwayFromCritical(flow));
}

function not(verdict: Verdict): Verdict {
  return verdict === "undecided" ? verdict : verdict === "yes" ? "no" : "yes";
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
      `v → h → v′, a Markov chain with one stationary state, flows to T_c whatever temperature the RBM was trained at (Iso, Shiba & Yokoo; ${percent}, all ends included)`,
      away,
      (flow) => goesTo(flow, CRITICAL),
    ),
    claim(`v → h → v′ flows to the temperature of the data (${percent}, all ends included)`, gibbs, (flow) =>
      goesTo(flow, flow.temperature),
    ),
    claim(
      "where v → h → v′ arrives are Ising states at some temperature (residual test: most ends not rejected)",
      gibbs,
      ({ ising }) => decide(ising, 1),
      (flow) => `${flow.name}: ${flow.ising ? "yes" : "no"}`,
    ),
    nullClaim("no null flows to T_c by v → h → v′", nullsOf(flows, controls, "gibbs"), (flow) =>
      goesTo(flow, CRITICAL),
    ),
    claim(
      `from layer to layer T_c is an unstable fixed point, as of a renormalization group (${percent})`,
      upward,
      turnsAwayFromCritical,
    ),
    nullClaim(
      "no null has T_c as an unstable fixed point from layer to layer",
      nullsOf(flows, controls, "layers"),
      turnsAwayFromCritical,
    ),
  ];
}

function describe(flow: RunFlow): string {
  return `${flow.name}: ${pointsOf(flow)} (all thermometers: ${flow.verdict})`;
}

function pointsOf({ kind, fixed, ends }: RunFlow): string {
  const points = fixed.map((point) => `${point.stable ? "to" : "away from"} T = ${withError(point)}`);
  const range = kind === "gibbs" ? `, ends ${ends.map(short).join(" to ")}` : "";
  return `${points.length === 0 ? "no fixed point" : points.join(", ")}${range}`;
}

/** Machines that learned nothing, or something else; none of them should do what trained ones are tried for. */
function nullClaim(words: string, nulls: readonly RunFlow[], does: (flow: RunFlow) => Verdict): Claim {
  const [certain, open] = (["yes", "undecided"] as const).map((verdict) =>
    nulls.filter((flow) => does(flow) === verdict),
  );
  const text = (flow: RunFlow): string => `${flow.machine}, ${flow.name}: ${pointsOf(flow)}`;
  const found = [
    `${certain.length} of ${nulls.length} do${certain.length === 0 ? "" : `: ${listed(certain.map(text))}`}`,
    ...(open.length === 0 ? [] : [`not told: ${listed(open.map(text))}`]),
  ];
  return {
    claim: `${words}: untrained, shuffled or permuted weights, and weights trained on permuted sites, mean-field data, a Gaussian clone, T ∈ {0, ∞} or T = ∞`,
    measured: nulls.length === 0 ? NOT_MEASURED : found.join("; "),
    verdict: allOf(nulls.map((flow) => not(does(flow)))),
  };
}

async function draw(flows: readonly RunFlow[], folder: string): Promise<void> {
  const shown = flows
    .toSorted((a, b) => a.temperature - b.temperature)
    .flatMap((flow) => flow.fixed.filter(({ stable }) => stable).map((point) => ({ flow, point })));
  const series = [false, true].map((penalized) => {
    const own = shown.filter(({ flow }) => flow.name.includes("L1") === penalized);
    return {
      name: penalized ? "with L1 penalty" : "without penalty",
      x: own.map(({ flow }) => flow.temperature),
      y: own.map(({ point }) => point.value),
      error: own.map(({ point }) => point.error),
    };
  });
  const temperatures = shown.map(({ flow }) => flow.temperature);
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
    ["trained_on", "temperature", "fixed_temperature", "fixed_temperature_error"],
    shown.map(({ flow, point }) => [flow.name, flow.temperature, point.value, known(point.error)]),
  );
  writeFigure(folder, "flow-fixed-points", figure, csv);
}
