import { burns } from "./burns/index.js";
import { mehtaSchwab } from "./mehta-schwab.js";
import type { Study } from "./study.js";

export { concludeStudy } from "./conclude.js";
export { studyFile } from "./study-file.js";
export { studyOutputs } from "./study-manifest.js";
export type { Claim, Conclusions, Study, StudyResults, StudyRun } from "./study.js";

/** Every packaged reproduction. A new one is its file, its line here, and its sweep in configs/studies. */
export const studies: Readonly<Record<string, Study>> = {
  [mehtaSchwab.name]: mehtaSchwab,
  [burns.name]: burns,
};
