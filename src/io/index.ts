export {
  type FileContent,
  removeAbandoned,
  removeFile,
  writeFileAtomic,
  writeFolderAtomic,
} from "./atomic.js";
export { csvParts, type CsvTable, type CsvValue, formatCsv, parseCsv } from "./csv.js";
export { createFolder, createSubfolder, requireWritable } from "./folders.js";
export { canonicalJson, contentHash, sha256File, sha256Hex } from "./hash.js";
export {
  encodeNpy,
  type EncodableArray,
  type NpyArray,
  npyParts,
  type NpyVisitor,
  readNpy,
  readNpyBlocks,
  readNpyInFileOrder,
  type TypedArray,
} from "./npy.js";
export { npzParts, readNpz, type ShapedArray } from "./npz.js";
export { readNumericCsv } from "./numeric-csv.js";
export { explainWriting } from "./output-failure.js";
export { pathStatus } from "./path-status.js";
export { appendText, readJson, readText } from "./text.js";
export { formatFloat32 } from "./float32.js";
