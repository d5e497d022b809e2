import { randomWords, threefry8 } from "./threefry";
import { share } from "./workspace";

/**
 * Wolff and Swendsen–Wang clusters, one chain after another. The same draws and the same results as
 * reference/clusters.ts. Conditions on random numbers are worked into arithmetic: as branches they would be guessed wrong
 * every other time.
 */
@unmanaged
export class ClusterJob {
  spins: usize;
  wordsPerSite: i32;
  sites: i32;
  /** At most 8. */
  degree: i32;
  /** sites × degree indices. */
  neighbors: usize;
  chains: i32;
  /** 1 if the spins of 32 chains are worth copying to where no other thread writes. Swendsen–Wang always copies. */
  isolated: i32;
  /** Probability of a bond in 32-bit fixed point, modulo 2^32; `certain` is all ones if it is 2^32, else 0. */
  threshold: u32;
  certain: i32;
  key0: u32;
  key1: u32;
  /** Sites of each chain's Wolff cluster, one 32-bit word a chain. */
  sizes: usize;
  /** Memory of all threads, of each SITES bytes and two words a site and a spare: a copy of 32 chains' spins; a queue or parents. */
  scratch: usize;
  scratchBytes: i32;
}

/** Words of a stream made at a time; the first time FIRST_BATCH, as most clusters are small. */
@inline
const FIRST_BATCH: i32 = 16;
@inline
const BATCH: i32 = 48;

/** Sites whose bonds are all drawn before any is used. */
@inline
const CHUNK: i32 = 128;

/** A thread's memory: both keys of 32 chains, random words, bonds (pairs of sites, at most 4 a site and a spare). */
@inline
const KEYS: usize = 256;
@inline
const WORDS: usize = 2 * KEYS;
@inline
const BONDS: usize = WORDS + 4 * BATCH;
@inline
const SITES: usize = BONDS + 32 * CHUNK + 64;

/** Bytes of one thread's memory, for a lattice of `sites` sites; one site too many is written to a full queue. */
export function clusterScratchBytes(sites: i32): i32 {
  return <i32>SITES + 8 * sites + 4;
}

export function wolff(job: ClusterJob, thread: i32, threads: i32): void {
  const scratch = job.scratch + <usize>thread * job.scratchBytes;
  const stride = <usize>job.wordsPerSite << 2;
  const words = (job.chains + 31) >> 5;
  const last = share(words, thread + 1, threads);
  for (let word = share(words, thread, threads); word < last; word++) {
    const place = job.spins + (<usize>word << 2);
    if (job.isolated) {
      copyWords(place, stride, scratch + SITES, 4, job.sites);
      growClusters(job, word, scratch + SITES, 4, scratch);
      copyWords(scratch + SITES, 4, place, stride, job.sites);
    } else {
      growClusters(job, word, place, stride, scratch);
    }
  }
}

export function swendsenWang(job: ClusterJob, thread: i32, threads: i32): void {
  const scratch = job.scratch + <usize>thread * job.scratchBytes;
  const stride = <usize>job.wordsPerSite << 2;
  const words = (job.chains + 31) >> 5;
  const last = share(words, thread + 1, threads);
  for (let word = share(words, thread, threads); word < last; word++) {
    const place = job.spins + (<usize>word << 2);
    copyWords(place, stride, scratch + SITES, 4, job.sites);
    deriveKeys(job, word, 0, scratch);
    deriveKeys(job, word, 1, scratch + KEYS);
    const chains = min(32, job.chains - 32 * word);
    for (let shift = 0; shift < chains; shift++) updateClusters(job, shift, scratch);
    copyWords(scratch + SITES, 4, place, stride, job.sites);
  }
}

function copyWords(from: usize, fromStride: usize, to: usize, toStride: usize, count: i32): void {
  for (let n = 0; n < count; n++) {
    store<u32>(to, load<u32>(from));
    from += fromStride;
    to += toStride;
  }
}

/** Keys of the streams of 32 chains, as threefry8 leaves them: word 0 of four chains, then word 1. */
function deriveKeys(job: ClusterJob, word: i32, use: u32, keys: usize): void {
  for (let chain = 0; chain < 32; chain += 8) {
    threefry8(job.key0, job.key1, 32 * word + chain, use, keys + (<usize>chain << 3));
  }
}

/** The stream that is being read. */
let streamKey0: u32 = 0;
let streamKey1: u32 = 0;
let nextBlock: u32 = 0;

function openStream(keys: usize, shift: i32): void {
  const at = keys + (<usize>(shift >> 2) << 5) + (<usize>(shift & 3) << 2);
  streamKey0 = load<u32>(at);
  streamKey1 = load<u32>(at, 16);
  nextBlock = 0;
}

function nextWords(count: i32, out: usize): void {
  randomWords(streamKey0, streamKey1, nextBlock, count, out);
  nextBlock += count >> 1;
}

/** For each of 16 words a bit: whether a bond is drawn with it. */
@inline
function bonds16(job: ClusterJob, words: usize): u32 {
  const threshold = i32x4.splat(job.threshold);
  const a = i32x4.bitmask(i32x4.lt_u(v128.load(words, 0), threshold));
  const b = i32x4.bitmask(i32x4.lt_u(v128.load(words, 16), threshold));
  const c = i32x4.bitmask(i32x4.lt_u(v128.load(words, 32), threshold));
  const d = i32x4.bitmask(i32x4.lt_u(v128.load(words, 48), threshold));
  return (a | (b << 4) | (c << 8) | (d << 12) | job.certain) & 0xffff;
}

/** The next BATCH words of the stream as bonds. */
function nextBonds(job: ClusterJob, words: usize): u64 {
  nextWords(BATCH, words);
  const low = bonds16(job, words) | (bonds16(job, words + 64) << 16);
  return <u64>low | (<u64>bonds16(job, words + 128) << 32);
}

/** One cluster in each of the 32 chains of a word. */
function growClusters(job: ClusterJob, word: i32, spins: usize, stride: usize, scratch: usize): void {
  deriveKeys(job, word, 0, scratch);
  const lastGood = <u32>(4294967295 - (4294967296 % <u64>job.sites));
  const chains = min(32, job.chains - 32 * word);
  for (let shift = 0; shift < chains; shift++) {
    openStream(scratch, shift);
    const size =
      job.degree == 4
        ? growCluster(job, shift, spins, stride, scratch, lastGood, 4)
        : growCluster(job, shift, spins, stride, scratch, lastGood, job.degree);
    store<u32>(job.sizes + (<usize>(32 * word + shift) << 2), size);
  }
}

/** Grow and flip one cluster; returns its sites. */
@inline
function growCluster(
  job: ClusterJob,
  shift: i32,
  spins: usize,
  stride: usize,
  scratch: usize,
  lastGood: u32,
  degree: i32,
): u32 {
  const neighbors = job.neighbors;
  const words = scratch + WORDS;
  const drawn = words + drawSeed(words, lastGood);
  const seed = load<u32>(drawn) % job.sites;
  const used = <u32>(drawn - words + 4) >> 2;
  let bonds = <u64>bonds16(job, words) >> used;
  let left = FIRST_BATCH - <i32>used;

  const start = spins + <usize>seed * stride;
  const others = load<u32>(start) >>> shift & 1 ? 0 : -1;
  store<u32>(start, load<u32>(start) ^ (1 << shift));
  const queue = scratch + SITES + (<usize>job.sites << 2);
  store<u32>(queue, seed);
  let tail = queue + 4;
  for (let head = queue; head < tail; head += 4) {
    if (left < degree) {
      bonds |= nextBonds(job, words) << left;
      left += BATCH;
    }
    let row = neighbors + <usize>load<u32>(head) * (degree << 2);
    for (let d = 0; d < degree; d++) {
      const neighbor = load<u32>(row);
      const at = spins + <usize>neighbor * stride;
      const lanes = load<u32>(at);
      const equal = ((lanes ^ others) >>> shift) & 1;
      const joins = equal & <u32>bonds;
      bonds >>= equal;
      left -= equal;
      store<u32>(at, lanes ^ (joins << shift));
      store<u32>(tail, neighbor);
      tail += <usize>joins << 2;
      row += 4;
    }
  }
  return <u32>(tail - queue) >> 2;
}

/** Draw words until one is not beyond `lastGood`, in the last, partial cycle of the sites; returns its place, in bytes, in the batch of 16. */
function drawSeed(words: usize, lastGood: u32): usize {
  let at: usize = 4 * FIRST_BATCH;
  do {
    at += 4;
    if (at >= 4 * FIRST_BATCH) {
      nextWords(FIRST_BATCH, words);
      at = 0;
    }
  } while (load<u32>(words + at) > lastGood);
  return at;
}

/** One Swendsen–Wang update of the chain at bit `shift`. */
function updateClusters(job: ClusterJob, shift: i32, scratch: usize): void {
  const sites = job.sites;
  const parents = scratch + SITES + (<usize>sites << 2);
  for (let site = 0; site < sites; site++) store<u32>(parents + (<usize>site << 2), site);
  openStream(scratch, shift);
  bondBits = 0;
  bondsLeft = 0;
  for (let first = 0; first < sites; first += CHUNK) {
    const end = drawBonds(job, shift, first, min(sites, first + CHUNK), scratch);
    for (let bond = scratch + BONDS; bond < end; bond += 8) {
      unite(parents, load<u32>(bond), load<u32>(bond, 4));
    }
  }
  openStream(scratch + KEYS, shift);
  flipClusters(sites, shift, scratch, parents);
}

/** Bonds of the stream that have not been used, from bit 0 on. */
let bondBits: u64 = 0;
let bondsLeft: i32 = 0;

/** Draw the bonds of some sites to their neighbours in positive directions; returns the end of the list of those drawn. */
function drawBonds(job: ClusterJob, shift: i32, first: i32, last: i32, scratch: usize): usize {
  const spins = scratch + SITES;
  const degree = job.degree;
  let row = job.neighbors + (<usize>(first * degree) << 2);
  let end = scratch + BONDS;
  let bonds = bondBits;
  let left = bondsLeft;
  for (let site = first; site < last; site++) {
    if (left < degree) {
      bonds |= nextBonds(job, scratch + WORDS) << left;
      left += BATCH;
    }
    const lanes = load<u32>(spins + (<usize>site << 2));
    for (let d = 0; d < degree; d += 2) {
      const neighbor = load<u32>(row + (<usize>d << 2));
      const unequal = (lanes ^ load<u32>(spins + (<usize>neighbor << 2))) >>> shift;
      const equal = ~unequal & 1;
      store<u32>(end, site, 0);
      store<u32>(end, neighbor, 4);
      end += <usize>(equal & <u32>bonds) << 3;
      bonds >>= equal;
      left -= equal;
    }
    row += <usize>degree << 2;
  }
  bondBits = bonds;
  bondsLeft = left;
  return end;
}

/** Join the trees of two sites; the smaller root stays one. */
@inline
function unite(parents: usize, a: u32, b: u32): void {
  const rootA = findRoot(parents, a);
  const rootB = findRoot(parents, b);
  store<u32>(parents + (<usize>max(rootA, rootB) << 2), min(rootA, rootB));
}

/** Root of a site's tree, halving the path on the way. */
@inline
function findRoot(parents: usize, site: u32): u32 {
  let at = parents + (<usize>site << 2);
  let parent = load<u32>(at);
  while (parent != site) {
    site = load<u32>(parents + (<usize>parent << 2));
    store<u32>(at, site);
    at = parents + (<usize>site << 2);
    parent = load<u32>(at);
  }
  return site;
}

/** Flip the clusters whose coin says so. Site by site the parent, which comes first, gives way to its coin. */
function flipClusters(sites: i32, shift: i32, scratch: usize, parents: usize): void {
  const coins = scratch + WORDS;
  let coin = 32 * FIRST_BATCH;
  for (let site = 0; site < sites; site++) {
    if (coin == 32 * FIRST_BATCH) {
      nextWords(FIRST_BATCH, coins);
      coin = 0;
    }
    const at = parents + (<usize>site << 2);
    const parent = load<u32>(at);
    const isRoot = parent == site;
    const tossed = load<u32>(coins + (<usize>(coin >> 5) << 2)) >>> (coin & 31);
    const flip = (isRoot ? tossed : load<u32>(parents + (<usize>parent << 2))) & 1;
    coin += <i32>isRoot;
    store<u32>(at, flip);
    const lanes = scratch + SITES + (<usize>site << 2);
    store<u32>(lanes, load<u32>(lanes) ^ (flip << shift));
  }
}
