import { DataError } from "../errors/index.js";
import { inOrder, type NdArray } from "../kernels/array-view.js";
import { bytesInput, withRandomInput } from "./input.js";
import { encodeNpy, type EncodableArray, type NpyArray, readNpyInput } from "./npy.js";
import { readZipDirectory, readZipMember } from "./zip-read.js";
import { zipParts } from "./zip-write.js";

/** Most bytes of one array: 2^28 double-precision weights with their header. */
const MAX_ARRAY = 2 ** 31 + 2 ** 16;

/** Most arrays of one archive. */
const MAX_ARRAYS = 1000;

const SUFFIX = ".npy";

/**
 * Read the arrays of a .npz file as numpy.savez and savez_compressed write it, by their names. `wanted` chooses the arrays
 * that are read; the others are only named. DataError for what is no such archive, or holds an array that `readNpy` would
 * refuse; MissingInputError if the file cannot be opened.
 */
export function readNpz(
  path: string,
  wanted: (name: string) => boolean = () => true,
): ReadonlyMap<string, NpyArray | null> {
  return withRandomInput(path, (input) => {
    const directory = readZipDirectory(input);
    const arrays = directory.entries.filter(({ name }) => name.endsWith(SUFFIX));
    if (arrays.length === 0) throw new DataError(`${path} holds no arrays (no member that ends in .npy).`);
    if (arrays.length > MAX_ARRAYS)
      throw new DataError(`${path} holds ${arrays.length} arrays; at most ${MAX_ARRAYS} are read.`);
    return new Map(
      arrays.map((entry) => {
        const name = entry.name.slice(0, -SUFFIX.length);
        if (!wanted(name)) return [name, null] as const;
        const bytes = readZipMember(input, directory, entry, MAX_ARRAY);
        return [name, readNpyInput(bytesInput(`${path}, array ${name}`, bytes))] as const;
      }),
    );
  });
}

/**
 * The bytes of a .npz file of arrays of any strides, in parts, as numpy.savez writes it but for the date: the same arrays make the
 * same bytes.
 */
export function npzParts(
  arrays: readonly (readonly [name: string, array: NdArray<EncodableArray>])[],
): Iterable<Uint8Array> {
  return zipParts(
    arrays.map(([name, array]) => [`${name}${SUFFIX}`, encodeNpy(inOrder(array), array.shape)]),
  );
}
