import { blockOrCorrelation } from "./block-or-correlation/index.js";
import { burns } from "./burns/index.js";
import { mehtaSchwab } from "./mehta-schwab/index.js";
import { pcaRg } from "./pca-rg/index.js";
import { plainStudy } from "./plain-study.js";
import { renormalization } from "./renormalization/index.js";
import type { Study } from "./study.js";
import { studyNames } from "./study-file.js";

export { concludeStudy } from "./conclude.js";
export { studyFile, studyNames } from "./study-file.js";
export { studyScales } from "./study-scales.js";
export { studyOutputs } from "./study-manifest.js";
export type { Study } from "./study.js";

/**
 * The studies that have verdicts and figures of their own: a file and a line here. Every other sweep in configs/studies is a
 * study as well, which ends in the table of its runs.
 */
const studies: Readonly<Record<string, Study>> = {
  [mehtaSchwab.name]: mehtaSchwab,
  [burns.name]: burns,
  [blockOrCorrelation.name]: blockOrCorrelation,
  [pcaRg.name]: pcaRg,
  [renormalization.name]: renormalization,
};

/** The packaged study of that name; null if there is none. */
export function findStudy(name: string): Study | null {
  if (Object.hasOwn(studies, name)) return studies[name];
  return studyNames().includes(name) ? plainStudy(name) : null;
}
