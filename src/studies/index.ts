import { mehtaSchwab } from "./mehta-schwab.js";
import type { Study } from "./study.js";

export { type Claim, type Scale, scales, type Study, type StudyRequest, type StudyResult } from "./study.js";

/** Every packaged reproduction. A new one is its file and its line here. */
export const studies: Readonly<Record<string, Study>> = { [mehtaSchwab.name]: mehtaSchwab };
