import { randomWords } from "./threefry";
import { share } from "./workspace";
import { GENERATOR_BYTES, refill, seedGenerators, storeEnd } from "./xoshiro";

/**
 * Heat-bath and Metropolis sweeps, 128 chains at a time: lane l of a vector is the spin of chain l of a group. The same
 * draws and the same results as reference/local-sweeps.ts.
 */
@unmanaged
export class SweepJob {
  spins: usize;
  wordsPerSite: i32;
  sites: i32;
  /** 2 or 4. */
  degree: i32;
  /** sites × degree indices. */
  neighbors: usize;
  /** The sites to update, in order; 0 for all of them once. */
  order: usize;
  /** Coefficients of 34 functions of the number of up neighbours (`valueAt`): the 32 digits, FAVORED and ALWAYS. */
  rules: usize;
  /** 1 if n and degree − n up neighbours have the same digits. */
  symmetric: i32;
  /** Key of the generators' seeds. */
  key0: u32;
  key1: u32;
  /** Memory of all threads: generators, then a copy of one group's spins if there are several groups. */
  scratch: usize;
  scratchBytes: i32;
}

/** Bytes of the coefficients of one function. */
@inline
const RULE: usize = 20;

/** After the digits: whether up is along the local field, and whether a spin along the field turns without fail. */
@inline
const FAVORED: usize = 32 * RULE;
@inline
const ALWAYS: usize = 33 * RULE;

/** Digits that are always drawn. */
@inline
const FIRST_DIGITS: usize = 10;

/** Bytes of random digits that one site may need. */
@inline
const MOST_DIGITS: usize = 32 * 16;

/** Bytes of one thread's memory. */
export function sweepScratchBytes(sites: i32, groups: i32): i32 {
  return <i32>GENERATOR_BYTES + (groups > 1 ? 16 * sites : 0);
}

export function heatBath(job: SweepJob, thread: i32, threads: i32): void {
  sweepGroups(job, false, thread, threads);
}

export function metropolis(job: SweepJob, thread: i32, threads: i32): void {
  sweepGroups(job, true, thread, threads);
}

/** Groups are shared out evenly. Where there are several, each is copied out, so that threads share no cache line. */
function sweepGroups(job: SweepJob, isMetropolis: bool, thread: i32, threads: i32): void {
  const groups = job.wordsPerSite >> 2;
  const generators = job.scratch + <usize>thread * job.scratchBytes;
  const stride = <usize>groups << 4;
  const last = share(groups, thread + 1, threads);
  for (let group = share(groups, thread, threads); group < last; group++) {
    seedGenerators(generators, job.key0, job.key1, group);
    if (groups == 1) {
      sweepGroup(job, job.spins, generators, isMetropolis);
    } else {
      const place = job.spins + (<usize>group << 4);
      const copy = generators + GENERATOR_BYTES;
      copyVectors(place, stride, copy, 16, job.sites);
      sweepGroup(job, copy, generators, isMetropolis);
      copyVectors(copy, 16, place, stride, job.sites);
    }
  }
}

function copyVectors(from: usize, fromStride: usize, to: usize, toStride: usize, count: i32): void {
  for (let n = 0; n < count; n++) {
    v128.store(to, v128.load(from));
    from += fromStride;
    to += toStride;
  }
}

/** One compiled loop for each case. */
function sweepGroup(job: SweepJob, spins: usize, generators: usize, isMetropolis: bool): void {
  if (isMetropolis) {
    if (job.degree == 2) sweep(job, spins, generators, true, 2, true);
    else if (job.symmetric) sweep(job, spins, generators, true, 4, true);
    else sweep(job, spins, generators, true, 4, false);
  } else {
    if (job.degree == 2) sweep(job, spins, generators, false, 2, true);
    else if (job.symmetric) sweep(job, spins, generators, false, 4, true);
    else sweep(job, spins, generators, false, 4, false);
  }
}

/**
 * One sweep of one group. Spins are one vector a site. With n neighbours up, the bits of n are summed lane by lane; from
 * them and the rules follow, for every lane, the digits of its probability to resist its local field.
 */
@inline
function sweep(
  job: SweepJob,
  spins: usize,
  generators: usize,
  isMetropolis: bool,
  degree: i32,
  symmetric: bool,
): void {
  const sites = job.sites;
  const neighbors = job.neighbors;
  const order = job.order;
  const rules = job.rules;
  const end = storeEnd(generators);
  let random = end;
  for (let n = 0; n < sites; n++) {
    const site = <usize>(isMetropolis ? load<u32>(order + (<usize>n << 2)) : n);
    const row = neighbors + site * (<usize>degree << 2);
    const a = spinsAt(spins, row, 0);
    const b = spinsAt(spins, row, 4);
    const c = degree == 4 ? spinsAt(spins, row, 8) : i32x4.splat(0);
    const d = degree == 4 ? spinsAt(spins, row, 12) : i32x4.splat(0);
    const abSum = v128.xor(a, b);
    const cdSum = v128.xor(c, d);
    const abCarry = v128.and(a, b);
    const cdCarry = v128.and(c, d);
    const ones = v128.xor(abSum, cdSum);
    const twos = v128.xor(v128.xor(abCarry, cdCarry), v128.and(abSum, cdSum));
    const fours = v128.and(abCarry, cdCarry);
    const ends = v128.not(v128.or(ones, twos));

    const at = spins + (site << 4);
    const favored = valueAt(rules + FAVORED, ones, ends, twos, fours, degree == 2);
    let open = i32x4.splat(-1);
    let against = i32x4.splat(0);
    if (isMetropolis) {
      const along = v128.not(v128.xor(favored, v128.load(at)));
      against = v128.and(along, valueAt(rules + ALWAYS, ones, ends, twos, fours, symmetric));
      open = v128.xor(along, against);
    }

    if (random > end - MOST_DIGITS) random = refill(generators, random);
    let rule = rules;
    const first = rules + FIRST_DIGITS * RULE;
    const last = rules + 32 * RULE;
    do {
      do {
        const digits = valueAt(rule, ones, ends, twos, fours, symmetric);
        const word = v128.load(random);
        against = v128.or(against, v128.and(open, v128.andnot(digits, word)));
        open = v128.andnot(open, v128.xor(digits, word));
        rule += RULE;
        random += 16;
      } while (rule < first);
    } while (v128.any_true(open) && rule < last);
    v128.store(at, v128.xor(favored, against));
  }
}

@inline
function spinsAt(spins: usize, row: usize, offset: usize): v128 {
  return v128.load(spins + (<usize>load<u32>(row + offset) << 4));
}

/**
 * A function of n = ones + 2·twos + 4·fours ≤ 4 in every lane. Modulo 2, every such function is a sum of 1, ones, ends
 * (n = 0 or 4), twos and fours; the five coefficients are words of all ones or zero. The last two are 0 if n and 4 − n
 * have the same value.
 */
@inline
function valueAt(rule: usize, ones: v128, ends: v128, twos: v128, fours: v128, symmetric: bool): v128 {
  const even = v128.xor(v128.load32_splat(rule), v128.and(v128.load32_splat(rule, 4), ones));
  const value = v128.xor(even, v128.and(v128.load32_splat(rule, 8), ends));
  if (symmetric) return value;
  const rest = v128.and(v128.load32_splat(rule, 12), twos);
  return v128.xor(value, v128.xor(rest, v128.and(v128.load32_splat(rule, 16), fours)));
}

/**
 * `count` integers below `bound` from words 0, 1, … of a stream, by the rule of RandomStream.nextInteger: words of the last,
 * partial cycle are left out. `out` has room for 16 more.
 */
export function randomIntegers(key0: u32, key1: u32, bound: u32, count: i32, out: usize): void {
  const lastGood = i32x4.splat(<u32>(4294967295 - (4294967296 % <u64>bound)));
  const end = out + (<usize>count << 2);
  for (let block: u32 = 0; out < end; block += 8) {
    randomWords(key0, key1, block, 16, out);
    // Results follow in the place of the words: none is written before it is read.
    const batchEnd = out + 64;
    for (let at = out; at < batchEnd; at += 16) {
      const words = v128.load(at);
      v128.store(out, remainder4(words, bound));
      const good = i32x4.le_u(words, lastGood);
      if (i32x4.all_true(good)) out += 16;
      else out = keepGood(out, i32x4.bitmask(good));
    }
  }
}

/** words mod bound. The quotient comes from the reciprocal and is at most one too small. */
@inline
function remainder4(words: v128, bound: u32): v128 {
  const reciprocal = i32x4.splat(0xffffffff / bound);
  const low = i64x2.extmul_low_i32x4_u(words, reciprocal);
  const high = i64x2.extmul_high_i32x4_u(words, reciprocal);
  const quotients = v128.shuffle<u32>(low, high, 1, 3, 5, 7);
  const rest = i32x4.sub(words, i32x4.mul(quotients, i32x4.splat(bound)));
  return i32x4.min_u(rest, i32x4.sub(rest, i32x4.splat(bound)));
}

/** Close the gaps in the four words at `at`; returns where those with a bit in `good` end. */
function keepGood(at: usize, good: i32): usize {
  let out = at;
  for (let lane: usize = 0; lane < 4; lane++) {
    const word = load<u32>(at + (lane << 2));
    store<u32>(out, word);
    out += <usize>((good >>> <i32>lane) & 1) << 2;
  }
  return out;
}
