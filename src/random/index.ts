export { deriveKey, type Purpose, seedKey, type SeedKey } from "./key.js";
export { fillStandardNormal } from "./normal.js";
export { shuffle } from "./permutation.js";
export { RandomStream } from "./stream.js";
export { threefry2x32 } from "./threefry.js";
export { Xoshiro128 } from "./xoshiro.js";
