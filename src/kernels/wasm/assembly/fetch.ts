/**
 * Bring `rows` rows of `lines` cache lines, `stride` bytes apart, into the cache: a byte of each line is read. A kernel that
 * walks down the columns of a matrix waits for memory at every row, for the processor cannot guess where the next one
 * lies; here it has many lines under way at a time. The bytes' union is left at `scratch`, so that no compiler leaves them
 * out.
 */
export function fetch(source: usize, stride: usize, rows: i32, lines: i32, scratch: usize): void {
  let union = 0;
  for (let r = 0; r < rows; r++, source += stride) {
    const end = source + (<usize>lines << 6);
    for (let at = source; at < end; at += 64) union |= load<u8>(at);
  }
  store<i32>(scratch, union);
}
