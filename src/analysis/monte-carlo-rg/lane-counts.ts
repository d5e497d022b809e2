/**
 * For each of the 32 bit lanes the number of words that have this bit set: counts[offset + lane], over the first `length`
 * words. Eight words at a time go through a tree of full adders (Harley & Seal), so that a word costs about five bit
 * operations, not 32.
 */
export function countLanes(words: Uint32Array, length: number, counts: Int32Array, offset: number): void {
  planes.fill(0);
  let ones = 0;
  let twos = 0;
  let fours = 0;
  let index = 0;
  for (; index + 8 <= length; index += 8) {
    let sum = ones ^ words[index];
    const twoA = (ones & words[index]) | (sum & words[index + 1]);
    ones = sum ^ words[index + 1];
    sum = ones ^ words[index + 2];
    const twoB = (ones & words[index + 2]) | (sum & words[index + 3]);
    ones = sum ^ words[index + 3];
    sum = ones ^ words[index + 4];
    const twoC = (ones & words[index + 4]) | (sum & words[index + 5]);
    ones = sum ^ words[index + 5];
    sum = ones ^ words[index + 6];
    const twoD = (ones & words[index + 6]) | (sum & words[index + 7]);
    ones = sum ^ words[index + 7];
    sum = twos ^ twoA;
    const fourA = (twos & twoA) | (sum & twoB);
    twos = sum ^ twoB;
    sum = twos ^ twoC;
    const fourB = (twos & twoC) | (sum & twoD);
    twos = sum ^ twoD;
    sum = fours ^ fourA;
    addToPlanes((fours & fourA) | (sum & fourB), 3);
    fours = sum ^ fourB;
  }
  addToPlanes(ones, 0);
  addToPlanes(twos, 1);
  addToPlanes(fours, 2);
  for (; index < length; index++) addToPlanes(words[index], 0);
  readPlanes(counts, offset);
}

/** planes[k] holds bit k of all 32 counts: enough for 2^31 words. */
const planes = new Int32Array(31);

/** Add 2^plane to the counts of the lanes set in `carry`. */
function addToPlanes(carry: number, plane: number): void {
  for (let k = plane; carry !== 0; k++) {
    const next = planes[k] & carry;
    planes[k] ^= carry;
    carry = next;
  }
}

function readPlanes(counts: Int32Array, offset: number): void {
  counts.fill(0, offset, offset + 32);
  for (let k = 0; k < planes.length; k++) {
    const plane = planes[k];
    if (plane === 0) continue;
    for (let lane = 0; lane < 32; lane++) counts[offset + lane] += ((plane >>> lane) & 1) << k;
  }
}
