export {
  type FileContent,
  removeAbandoned,
  removeFile,
  writeFileAtomic,
  writeFolderAtomic,
} from "./atomic.js";
export { csvParts, type CsvValue, formatCsv, parseCsv } from "./csv.js";
export { createFolder, createSubfolder, requireWritable } from "./folders.js";
export { canonicalJson, contentHash, sha256File, sha256Hex } from "./hash.js";
export {
  encodeNpy,
  type EncodableArray,
  npyParts,
  type NpyVisitor,
  readNpy,
  readNpyBlocks,
  readNpyInFileOrder,
  type TypedArray,
} from "./npy.js";
export { loadNpy, saveNpy } from "./npy-view.js";
export { npzParts, readNpz } from "./npz.js";
export { readNumericCsv } from "./numeric-csv.js";
export { explainWriting } from "./output-failure.js";
export { pathStatus } from "./path-status.js";
export { appendText, readJson, readText } from "./text.js";
export { formatFloat32 } from "./float32.js";
