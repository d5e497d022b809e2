import ndarray, { type NdArray } from "ndarray";
import { DomainError } from "../errors/index.js";

export type { NdArray } from "ndarray";

/** The flat arrays that hold numbers. */
export type TypedArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/**
 * A flat array seen as one of the given shape, the last index varying fastest; no copy is made. `get`, `set`, `pick`,
 * `transpose`, `hi`, `lo` and `step` are those of the package ndarray. DomainError if the shape does not hold exactly the
 * array's elements.
 *
 * @param data the elements
 * @param shape number of elements along each axis
 */
export function arrayView<D extends TypedArray>(data: D, shape: readonly number[]): NdArray<D> {
  const size = shape.reduce((product, side) => product * side, 1);
  if (size !== data.length) {
    throw new DomainError(`shape (${shape.join(", ")}) does not hold the array's ${data.length} elements.`);
  }
  return ndarray(data, [...shape]);
}

/** The same where the first index varies fastest, as in Fortran. */
export function fortranView<D extends TypedArray>(data: D, shape: readonly number[]): NdArray<D> {
  const strides: number[] = [];
  shape.reduce((stride, side) => (strides.push(stride), stride * side), 1);
  return ndarray(data, [...shape], strides, 0);
}

/**
 * The elements of a view with any strides, the last index varying fastest; the view's own memory where they lie so already.
 * DomainError where they are not in a typed array.
 */
export function inOrder<D extends TypedArray>(view: NdArray<D>): D {
  const { data, shape, stride, offset, size } = view;
  if (isInOrder(view)) return data.subarray(offset, offset + size) as D;
  const out = emptyLike(view);
  const index = new Array<number>(shape.length).fill(0);
  let source = offset;
  for (let target = 0; target < size; target++) {
    out[target] = data[source];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += stride[axis];
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/** The transpose of a row-major matrix, row-major. */
export function transposedMatrix<D extends TypedArray>(matrix: D, rows: number, columns: number): D {
  return inOrder(arrayView(matrix, [rows, columns]).transpose(1, 0));
}

function isInOrder({ shape, stride }: NdArray<TypedArray>): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

const constructors = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

function emptyLike<D extends TypedArray>({ dtype, size }: NdArray<D>): D {
  const name: string = dtype;
  if (!Object.hasOwn(constructors, name)) {
    throw new DomainError(
      `an array of type "${name}"; expected one of ${Object.keys(constructors).join(", ")}.`,
    );
  }
  return new constructors[name as keyof typeof constructors](size) as D;
}
