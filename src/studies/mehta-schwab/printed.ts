import { copyFigure } from "../copy-figure.js";
import { short } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";

/** Share of the first layer's units above which its fields are called local. */
const LOCAL_SHARE = 0.9;

/** The setting as printed: 0/1 units with biases, rate 0.1, L1 2e-4. */
export function concludePrinted(run: StudyRun | undefined, folder: string): readonly Claim[] {
  if (run === undefined) return [];
  const { hidden, training } = run.config;
  hidden.forEach((_, index) =>
    copyFigure(run, folder, `receptive-fields-${index + 1}`, `receptive-fields-printed-${index + 1}`),
  );
  const layers = hidden.map((_, index) => index + 1);
  const listed = (name: string, scale = 1): string =>
    layers.map((layer) => short(scale * summaryNumber(run, `${name}_${layer}`))).join(", ");
  const share = summaryNumber(run, "localized_fraction_1");
  return [
    {
      claim: `as printed (0/1 units, biases, L1 ${short(training.penalty.l1)}, ${training.epochs} epochs) the units are local blocks`,
      measured:
        `by layer, % of units with PR < 30 and core radius < 4 sites: ${listed("localized_fraction", 100)}; smaller than chance allows, %: ` +
        `${listed("beyond_null_fraction", 100)}; median PR: ${listed("participation_ratio")} sites; overlap with a block: ${listed("block_overlap")}`,
      verdict: share >= LOCAL_SHARE ? "yes" : "no",
    },
  ];
}
