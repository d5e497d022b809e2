import { DataError } from "../../errors/index.js";
import { torus } from "../../ising/lattice.js";
import { isingModel } from "../../ising/model.js";
import { sampleIsing } from "../../ising/sample.js";
import type { Kernels, LayerArrays } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import type { TorusShape } from "../monte-carlo-rg/index.js";
import { type MagnetizationReference, sampleReference } from "../thermometers/index.js";
import { defaultFlow, LEAST_FLOW_SAMPLES } from "./defaults.js";
import { gibbsFlow, type FlowStart, readState } from "./gibbs-flow.js";
import type { HiddenLayout } from "./hidden-layout.js";
import { layerFlow, layOutStack } from "./layer-flow.js";
import { type FlowMachineName, flowMachineNames, flowMachines } from "./nulls.js";
import type { Trajectory } from "./trajectory.js";
import { type FlowVerdict, flowVerdict } from "./verdict.js";

/** More chains fill no more groups. */
const CHAINS = 64;

/** A trained stack on a torus. */
export interface FlowSubject {
  /** From the bottom up; the visible units of the first are the sites of `shape`. */
  readonly layers: readonly LayerArrays[];
  /** Sides of the torus. */
  readonly shape: TorusShape;
  /** Standard deviation of the weights before training, for the null without training. */
  readonly initialDeviation: number;
  /** K of the Ising data it was trained on, if known. */
  readonly dataCoupling: number | null;
}

/** How flows are made; what is not given is as of the command line. */
export interface FlowOptions {
  /** K ≥ 0 of the starts; default: of eleven temperatures from infinity to 1.5. */
  readonly couplings?: readonly number[];
  /** Configurations of each (default: 1024). */
  readonly samples?: number;
  /** v → h → v′ steps (default: 10). */
  readonly steps?: number;
  /** Configurations at each coupling of the references of |m| and the Binder cumulant (default: 2048). */
  readonly referenceSamples?: number;
  /** Default: all, the trained weights and three nulls. */
  readonly machines?: readonly FlowMachineName[];
  /** For the references, the starts, the nulls and the steps. */
  readonly key: SeedKey;
}

type CompleteOptions = Required<FlowOptions>;

const defaults = {
  couplings: defaultFlow.temperatures.map((temperature) => 1 / temperature),
  samples: defaultFlow.samples,
  steps: defaultFlow.steps,
  referenceSamples: defaultFlow.referenceSamples,
  machines: flowMachineNames,
} as const satisfies Omit<FlowOptions, "key">;

/** One kind of flow of one machine. */
export interface Flow {
  /** What makes its steps. */
  readonly machine: FlowMachineName;
  /** `gibbs`: v → h → v′ of the first layer; `layers`: from layer to layer. */
  readonly kind: "gibbs" | "layers";
  /** One for each coupling of the options, in their order. */
  readonly trajectories: readonly Trajectory[];
  /** Where they go. */
  readonly verdict: FlowVerdict;
}

/** Everything measured. */
export interface FlowAnalysis {
  /** Of each machine `gibbs`, then `layers`, which is left out where no layer has a layout. */
  readonly flows: readonly Flow[];
  /** Of the trained stack, from the bottom up; layers whose units fill no grid, and those above, are not there. */
  readonly layouts: readonly HiddenLayout[];
}

/**
 * Told how many units of work of how many are done, and what is at work.
 *
 * @param done units of work that are finished
 * @param total all units
 * @param what the one that begins: `reference`, `Ising configurations`, or the name of a machine
 */
export type FlowProgress = (done: number, total: number, what: string) => void | Promise<void>;

/**
 * The flows of a trained stack and of its nulls from many temperatures. A function of (subject, options) alone. DataError unless
 * the first layer's visible units are the sites, at least two couplings are given, and 64 samples of each.
 *
 * @param subject the stack and what is known of its training
 * @param options how flows are made; only the key must be given
 * @param kernels to sample with
 * @param progress told before every unit of work; default: nobody
 */
export async function analyzeFlow(
  subject: FlowSubject,
  options: FlowOptions,
  kernels: Kernels,
  progress: FlowProgress = () => undefined,
): Promise<FlowAnalysis> {
  const complete = { ...defaults, ...options };
  requireFlow(subject, complete);
  const { layers, shape, initialDeviation, dataCoupling } = subject;
  const { couplings, machines, samples, steps, key } = complete;
  const total = 1 + couplings.length * (1 + machines.length);
  let done = 0;
  const references = new References(complete, kernels);
  await progress(done++, total, "reference");
  const reference = await references.sample(shape);
  const starts: FlowStart[] = [];
  for (const [index, coupling] of couplings.entries()) {
    await progress(done++, total, "Ising configurations");
    starts.push(
      await sampleStart(coupling, index, reference, samples, deriveKey(key, "isingChains"), kernels),
    );
  }
  const flows: Flow[] = [];
  for (const machine of machines) {
    const own = flowMachines[machine].layers(layers, shape, initialDeviation, deriveKey(key, "control"));
    const layouts = layOutStack(own, shape);
    for (const { shape: grid } of layouts) await references.sample(grid);
    const [gibbs, upward]: [Trajectory[], Trajectory[]] = [[], []];
    for (const [index, start] of starts.entries()) {
      await progress(done++, total, machine);
      const stream = deriveKey(key, "gibbsChain", index);
      gibbs.push(await gibbsFlow(own[0], start, steps, reference, stream, kernels));
      const lookUp = (grid: TorusShape) => references.of(grid);
      if (layouts.length > 0) {
        upward.push(await layerFlow(own, layouts, start, shape, lookUp, stream, kernels));
      }
    }
    for (const [kind, trajectories] of [["gibbs", gibbs] as const, ["layers", upward] as const]) {
      if (trajectories.length === 0) continue;
      flows.push({ machine, kind, trajectories, verdict: flowVerdict(trajectories, dataCoupling) });
    }
  }
  return { flows, layouts: layOutStack(layers, shape) };
}

function requireFlow({ layers, shape }: FlowSubject, { couplings, samples }: CompleteOptions): void {
  const sites = shape[0] * shape[1];
  const visible = layers.at(0)?.visible;
  if (visible !== sites) {
    throw new DataError(`flow on ${shape.join("×")} = ${sites} sites: the first layer has ${visible ?? 0}.`);
  }
  if (couplings.length < 2 || samples < LEAST_FLOW_SAMPLES) {
    throw new DataError(
      `flow from ${couplings.length} temperature(s), ${samples} configurations of each: at least 2 and ${LEAST_FLOW_SAMPLES} are needed.`,
    );
  }
}

async function sampleStart(
  coupling: number,
  index: number,
  reference: MagnetizationReference,
  samples: number,
  key: SeedKey,
  kernels: Kernels,
): Promise<FlowStart> {
  const { shape } = reference;
  const { configurations, chains } = await sampleIsing(
    isingModel(torus(...shape), coupling),
    { samples, chains: CHAINS },
    deriveKey(key, "isingChains", index),
    kernels,
  );
  return {
    coupling,
    rows: configurations,
    chains,
    state: readState(configurations, shape, chains, reference),
  };
}

/** The references of all lattices that occur, sampled once each. */
class References {
  readonly #known = new Map<string, MagnetizationReference>();

  constructor(
    private readonly options: CompleteOptions,
    private readonly kernels: Kernels,
  ) {}

  of(shape: TorusShape): MagnetizationReference {
    return this.#known.get(shape.join())!;
  }

  async sample(shape: TorusShape): Promise<MagnetizationReference> {
    const known = this.#known.get(shape.join());
    if (known !== undefined) return known;
    const { referenceSamples, key } = this.options;
    const made = await sampleReference(
      shape,
      referenceSamples,
      deriveKey(key, "analysis", ...shape),
      this.kernels,
    );
    this.#known.set(shape.join(), made);
    return made;
  }
}
