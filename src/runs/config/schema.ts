import * as v from "valibot";
import { dataControls, weightControls } from "../../analysis/controls/index.js";
import { startNames } from "../../ising/chains.js";
import { defaultSampling } from "../../ising/sample.js";
import { algorithmNames } from "../../ising/samplers/index.js";
import { estimators } from "../../rbm/estimators/index.js";
import { gauges, objectives } from "../../rbm/objectives/index.js";
import { optimizers } from "../../rbm/optimizers/index.js";
import { rateSchedules } from "../../rbm/schedules.js";
import { analysisNames } from "./analysis-names.js";
import { expectedMeasuredValue, isMeasuredValue } from "./measured-value.js";

const keysOf = <T extends object>(table: T) => Object.keys(table) as [keyof T & string];

const number = v.pipe(v.number("expected a number"), v.finite("expected a finite number"));
const positive = v.pipe(
  number,
  v.check((x) => x > 0, "expected a number > 0"),
);
const nonNegative = v.pipe(number, v.minValue(0, "expected a number ≥ 0"));
const decay = v.pipe(
  nonNegative,
  v.check((x) => x < 1, "expected a number in [0, 1)"),
);
const whole = (least: number) =>
  v.pipe(
    v.number("expected a whole number"),
    v.check((x) => Number.isSafeInteger(x) && x >= least, `expected a whole number ≥ ${least}`),
  );
const oneOf = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `expected one of ${names.join(", ")}`);
const flag = v.boolean("expected true or false");
const text = v.pipe(v.string("expected text"), v.nonEmpty("expected text"));
const autoOr = (least: number) =>
  v.union([v.literal("auto"), whole(least)], `expected auto or a whole number ≥ ${least}`);

/** A number, exact or with its error. */
const measured = v.union(
  [number, v.pipe(text, v.check(isMeasuredValue, expectedMeasuredValue))],
  expectedMeasuredValue,
);

/** Sampling inline. Exactly one of coupling, temperature and beta says how cold it is; it is resolved to coupling. */
const sampleSection = v.strictObject({
  lattice: v.optional(v.union([text, whole(1)], "expected a lattice such as 40x40 (torus) or 64 (chain)")),
  coupling: v.optional(number),
  temperature: v.optional(v.union([number, v.literal("inf")], "expected a number > 0, or inf")),
  beta: v.optional(number),
  field: v.optional(number, 0),
  samples: v.optional(whole(1), 20_000),
  algorithm: v.optional(oneOf(algorithmNames), defaultSampling.algorithm),
  chains: v.optional(whole(1), defaultSampling.chains),
  thermalization: v.optional(autoOr(0), defaultSampling.thermalization),
  spacing: v.optional(autoOr(1), defaultSampling.spacing),
  start: v.optional(oneOf(startNames), defaultSampling.start),
  control: v.optional(oneOf(["none", ...keysOf(dataControls)]), "none"),
});

const modelSection = v.strictObject({
  hidden: v.optional(
    v.union(
      [
        v.array(whole(1)),
        v.pipe(
          whole(1),
          v.transform((m) => [m]),
        ),
      ],
      "expected layer sizes ≥ 1 from the bottom up, such as 400 or [400, 100, 25]; [] trains nothing",
    ),
    [64],
  ),
  units: v.optional(oneOf(["spin", "binary"]), "spin"),
  bias: v.optional(flag, true),
  initialDeviation: v.optional(nonNegative, 0.01),
  control: v.optional(oneOf(["none", ...keysOf(weightControls)]), "none"),
});

const trainSection = v.strictObject({
  objective: v.optional(oneOf(keysOf(objectives)), "kl"),
  gauge: v.optional(oneOf(keysOf(gauges))),
  mu: v.optional(nonNegative),
  estimator: v.optional(oneOf(keysOf(estimators))),
  steps: v.optional(whole(1), 1),
  chains: v.optional(whole(1), 100),
  dataPhase: v.optional(oneOf(["auto", "samples", "exact"]), "auto"),
  epochs: v.optional(whole(0), 20),
  averagedEpochs: v.optional(whole(0), 0),
  estimateLogPartition: v.optional(
    v.union([flag, v.literal("auto")], "expected true, false or auto"),
    "auto",
  ),
  batchSize: v.optional(whole(1), 100),
  optimizer: v.optional(oneOf(keysOf(optimizers)), "sgd"),
  learningRate: v.optional(positive, 0.01),
  rateSchedule: v.optional(oneOf(keysOf(rateSchedules)), "constant"),
  finalLearningRate: v.optional(positive),
  momentum: v.optional(decay, 0.5),
  secondMomentDecay: v.optional(decay, 0.999),
  l1: v.optional(nonNegative, 0),
  l1Form: v.optional(oneOf(["soft-threshold", "subgradient"]), "soft-threshold"),
  l2: v.optional(nonNegative, 0),
  centered: v.optional(v.union([flag, v.literal("auto")], "expected true, false or auto"), "auto"),
  maxWeight: v.optional(positive, 100),
});

/** A whole experiment as a user may write it. */
export const experimentSchema = v.strictObject({
  name: v.optional(v.pipe(text, v.regex(/^[\w.=+-]+$/, "expected letters, digits and . _ - = + only"))),
  seed: v.optional(v.union([v.pipe(number, v.transform(String)), text], "expected text or a number"), "1"),
  data: v.optional(
    v.strictObject({
      path: text,
      lattice: v.optional(
        v.union([text, whole(1)], "expected a lattice such as 40x40 (torus) or 64 (chain)"),
      ),
      packed: v.optional(whole(1)),
      logPartition: v.optional(measured),
    }),
  ),
  sample: v.optional(sampleSection, {}),
  model: v.optional(modelSection, {}),
  train: v.optional(trainSection, {}),
  analyses: v.optional(v.array(oneOf(analysisNames)), []),
});

export type WrittenConfig = v.InferOutput<typeof experimentSchema>;
