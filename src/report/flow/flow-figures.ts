import { couplingChange, type Flow } from "../../analysis/flow/index.js";
import { type ThermometerName, thermometerNames } from "../../analysis/thermometers/index.js";
import { CRITICAL_COUPLING } from "../../ising/model.js";
import { type Figure, smallMultiplesFigure } from "../figures/index.js";

/** The thermometer whose trajectories are drawn: it reads every state, most precisely. */
const DRAWN: ThermometerName = "inverse-onsager";

const titles: Readonly<Record<Flow["kind"], string>> = {
  gibbs: "Flow v → h → v′ of the first layer",
  layers: "Flow from layer to layer",
};

const stepLabels: Readonly<Record<Flow["kind"], string>> = { gibbs: "steps", layers: "layer" };

/** K against the step from every start, a panel for each machine. */
export function trajectoriesFigure(flows: readonly Flow[]): Promise<Figure> {
  const [{ kind }] = flows;
  return smallMultiplesFigure({
    title: titles[kind],
    subtitle: `K by the thermometer ${DRAWN}, from Ising configurations of several temperatures`,
    panels: flows.map(({ machine, trajectories }) => ({
      title: machine,
      xLabel: stepLabels[kind],
      yLabel: "K",
      series: trajectories.map(({ start, points }) => {
        const read = points.map(
          ({ state }) => state.readings.find(({ thermometer }) => thermometer === DRAWN)!.coupling,
        );
        return {
          name: `T = ${start === 0 ? "∞" : Number((1 / start).toPrecision(4))}`,
          x: points.map(({ step }) => step),
          y: read.map(({ value }) => value),
          error: read.map(({ error }) => error),
        };
      }),
      referenceLines: [{ axis: "y" as const, value: CRITICAL_COUPLING, label: "K_c" }],
    })),
    columns: 2,
  });
}

/** K_end − K_start against K_start by every thermometer, a panel for each machine: fixed points are where it vanishes. */
export function changesFigure(flows: readonly Flow[]): Promise<Figure> {
  const [{ kind }] = flows;
  return smallMultiplesFigure({
    title: `${titles[kind]}: change of K from start to end`,
    subtitle: "stable fixed points where it falls through zero, unstable ones where it rises through zero",
    panels: flows.map(({ machine, trajectories }) => ({
      title: machine,
      xLabel: "K of the start",
      yLabel: "change of K",
      series: thermometerNames.map((thermometer) => {
        const changes = trajectories
          .flatMap((trajectory) => couplingChange(trajectory, thermometer) ?? [])
          .toSorted((a, b) => a.start - b.start);
        return {
          name: thermometer,
          x: changes.map(({ start }) => start),
          y: changes.map(({ change }) => change.value),
          error: changes.map(({ change }) => change.error),
        };
      }),
      referenceLines: [
        { axis: "y" as const, value: 0 },
        { axis: "x" as const, value: CRITICAL_COUPLING, label: "K_c" },
      ],
    })),
    columns: 2,
  });
}
