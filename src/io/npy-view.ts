import { arrayView, inOrder, type NdArray } from "../kernels/array-view.js";
import { writeFileAtomic } from "./atomic.js";
import { encodeNpy, type EncodableArray, readNpy, type TypedArray } from "./npy.js";

/**
 * Read a .npy file as an array with axes, as numpy.load does: booleans, integers of 1 to 8 bytes (those of 8 as Float64) and
 * floating-point numbers of 2, 4 and 8 bytes, in either byte order, in C or Fortran order. MissingInputError if the file cannot be
 * opened, DataError if it is anything else.
 */
export function loadNpy(path: string): NdArray<TypedArray> {
  const { data, shape } = readNpy(path);
  return arrayView(data, shape);
}

/**
 * Write an array of any strides, such as a transposed one, to a .npy file in C order, as numpy.save does; a file of that name is
 * replaced. OutputError if it cannot be written.
 *
 * @param path the file; no ending is added
 * @param array the array; its element type becomes that of the file
 */
export function saveNpy(path: string, array: NdArray<EncodableArray>): void {
  writeFileAtomic(path, encodeNpy(inOrder(array), array.shape));
}
