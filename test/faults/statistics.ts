import type { Fault } from "./fault.js";

const statistics = "src/statistics/";
const tests = "test/statistics/";

/** Error bars and tests. */
export const statisticsFaults: readonly Fault[] = [
  {
    id: "tau-definition",
    file: `${statistics}windowed-variance.ts`,
    line: "const tau = Math.max(0.5 + sum, bartlett / (4 * variance), 0.5 / samples);",
    planted: "const tau = Math.max(1 + sum, bartlett / (4 * variance), 0.5 / samples);",
    falsifies: "τ_int = 1 + Σρ: independent samples count as half as many",
    caughtBy: { file: `${tests}autocorrelation.test.ts`, name: "of AR(1) with φ = 0 " },
  },
  {
    id: "window-rule",
    file: `${statistics}windowed-variance.ts`,
    line: "const reached = window >= windowFactor * Math.max(0.5 + sum, 0.5 + 2 * squareSum);",
    planted: "const reached = window >= Math.max(0.5 + sum, 0.5 + 2 * squareSum);",
    falsifies: "the window closes after one τ, which is then too small",
    caughtBy: {
      file: `${tests}autocorrelation.test.ts`,
      name: "stops at the first window that the rule allows",
    },
  },
  {
    id: "window-bias",
    file: `${statistics}windowed-variance.ts`,
    line: "return 2 * window + 1 - (window * (window + 1)) / length;",
    planted: "return 2 * window + 1;",
    falsifies: "short chains: the correction for their common mean ignores their ends",
    caughtBy: {
      file: `${tests}autocorrelation.test.ts`,
      name: "follows its formulas at the window it chose",
    },
  },
  {
    id: "variance-degrees",
    file: `${statistics}moments.ts`,
    line: "return Math.max(0, squares - (drift * drift) / values.length) / (values.length - 1);",
    planted: "return Math.max(0, squares - (drift * drift) / values.length) / values.length;",
    falsifies: "variances with 1/n: too small by the degree of freedom of the mean",
    caughtBy: { file: `${tests}moments.test.ts`, name: "is n/(n − 1) times the mean square deviation" },
  },
  {
    id: "block-jackknife",
    file: `${statistics}block-jackknife.ts`,
    line: "error: Math.sqrt(((blocks - 1) / blocks) * squares),",
    planted: "error: Math.sqrt(squares / blocks),",
    falsifies: "the jackknife's error without its factor g − 1",
    caughtBy: { file: `${tests}block-jackknife.test.ts`, name: "gives the standard error of a mean" },
  },
  {
    id: "jackknife-bias",
    file: `${statistics}jackknife.ts`,
    line: "pseudoValues[block] = plugIn + (1 / weight - 1) * (plugIn - f(reduced));",
    planted: "pseudoValues[block] = plugIn + (1 / weight) * (plugIn - f(reduced));",
    falsifies: "the bias of f is corrected with g for g − 1",
    caughtBy: { file: `${tests}jackknife.test.ts`, name: "turns the plug-in variance" },
  },
  {
    id: "hotelling-degrees",
    file: `${statistics}mean-vector-test.ts`,
    line: "covariance[a * size + b] = sum / (count - 1) / count + (known === undefined ? 0 : known[a * size + b]);",
    planted:
      "covariance[a * size + b] = sum / count / count + (known === undefined ? 0 : known[a * size + b]);",
    falsifies: "Hotelling's T² with the covariance 1/n for 1/(n − 1): p values too small",
    caughtBy: { file: `${tests}mean-vector-test.test.ts`, name: "of one component is Student's t test" },
  },
  {
    id: "split-rhat",
    file: `${statistics}split-rhat.ts`,
    line: "return Math.sqrt((half - 1) / half + betweenMeans / within);",
    planted: "return Math.sqrt((half - 1) / half + betweenMeans / (half * within));",
    falsifies: "R̂ takes the variance of chain means for B: chains that disagree pass",
    caughtBy: { file: `${tests}split-rhat.test.ts`, name: "is the published formula" },
  },
  {
    id: "regression-noise",
    file: `${statistics}regression.ts`,
    line: "const noise = errors === undefined ? (n > p ? chiSquare / (n - p) : NaN) : 1;",
    planted: "const noise = errors === undefined ? (n > p ? chiSquare / n : NaN) : 1;",
    falsifies: "slopes have errors that ignore the fitted parameters",
    caughtBy: { file: `${tests}regression.test.ts`, name: "Norris data set" },
  },
];
