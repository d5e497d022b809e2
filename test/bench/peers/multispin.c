/* Local updates of 64 independent chains on an L x L torus, one chain per bit, in checkerboard order.
 *
 * cc -O3 -march=native -o multispin multispin.c -lm
 * multispin metropolis|heat-bath L K SWEEPS        (SWEEPS a round; L even)
 *
 * Acceptance is bit-sliced: a lane's uniform number is compared with its 32-bit threshold from the top bit down, and
 * no more random words are drawn once every lane has decided. */
#include <math.h>
#include <stdlib.h>
#include "serve.h"
#include "xoshiro.h"

#define LANES 64

static int side;
static long sweeps;
static uint64_t *spins;
static uint32_t threshold[5];

/* Which of `lanes` draw a number below p / 2^32. */
static inline uint64_t draw(uint64_t lanes, uint32_t p) {
  uint64_t below = 0;
  for (uint32_t bit = 1U << 31; bit != 0 && lanes != 0; bit >>= 1) {
    uint64_t r = random_bits();
    if (p & bit) {
      below |= lanes & ~r;
      lanes &= r;
    } else {
      lanes &= ~r;
    }
  }
  return below;
}

/* Flip with min(1, e^-dH): two or fewer equal neighbours always, three with e^-4K, four with e^-8K. */
static inline uint64_t metropolis(uint64_t own, uint64_t n0, uint64_t n1, uint64_t n2, uint64_t n3) {
  uint64_t e0 = ~(own ^ n0), e1 = ~(own ^ n1), e2 = ~(own ^ n2), e3 = ~(own ^ n3);
  uint64_t both01 = e0 & e1, both23 = e2 & e3;
  uint64_t four = both01 & both23;
  uint64_t three = (both01 & (e2 ^ e3)) | (both23 & (e0 ^ e1));
  uint64_t once = draw(three | four, threshold[3]);
  uint64_t twice = draw(four & once, threshold[3]);
  return own ^ (~(three | four) | (three & once) | twice);
}

/* Up with 1/(1 + e^-2h), h = K (up - down neighbours). With u the number of up neighbours the bits of the threshold
 * differ between lanes; they are put together from the lanes of each u. */
static inline uint64_t heat_bath(uint64_t n0, uint64_t n1, uint64_t n2, uint64_t n3) {
  uint64_t both01 = n0 & n1, both23 = n2 & n3, one01 = n0 ^ n1, one23 = n2 ^ n3;
  uint64_t none01 = ~(n0 | n1), none23 = ~(n2 | n3);
  uint64_t lanes[5] = {none01 & none23, (one01 & none23) | (none01 & one23), 0, (both01 & one23) | (one01 & both23),
                       both01 & both23};
  lanes[2] = ~(lanes[0] | lanes[1] | lanes[3] | lanes[4]);
  uint64_t open = ~0ULL, up = 0;
  for (int bit = 31; bit >= 0 && open != 0; bit--) {
    uint64_t r = random_bits(), one = 0;
    for (int u = 0; u < 5; u++) one |= lanes[u] & -(uint64_t)(threshold[u] >> bit & 1);
    up |= open & one & ~r;
    open &= ~(one ^ r);
  }
  return up;
}

#define SWEEP(UPDATE)                                             \
  for (int color = 0; color < 2; color++)                         \
    for (int y = 0; y < side; y++) {                              \
      uint64_t *row = spins + (size_t)y * side;                   \
      uint64_t *above = spins + (size_t)((y + side - 1) % side) * side; \
      uint64_t *below = spins + (size_t)((y + 1) % side) * side;  \
      for (int x = (y + color) & 1; x < side; x += 2) {           \
        uint64_t left = row[x == 0 ? side - 1 : x - 1];           \
        uint64_t right = row[x == side - 1 ? 0 : x + 1];          \
        row[x] = UPDATE;                                          \
      }                                                           \
    }

static double metropolis_sweeps(void) {
  for (long sweep = 0; sweep < sweeps; sweep++) SWEEP(metropolis(row[x], left, right, above[x], below[x]))
  return (double)LANES * side * side * sweeps;
}

static double heat_bath_sweeps(void) {
  for (long sweep = 0; sweep < sweeps; sweep++) SWEEP(heat_bath(left, right, above[x], below[x]))
  return (double)LANES * side * side * sweeps;
}

static uint32_t fixed_point(double p) { return (uint32_t)(p * 4294967296.0 + 0.5); }

/* Energy per site, a check of the program: -1.152 at L = 40, K = 0.408. */
static double energy(void) {
  double bonds = 0;
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      uint64_t own = spins[y * side + x];
      bonds += LANES - 2 * __builtin_popcountll(own ^ spins[y * side + (x + 1) % side]);
      bonds += LANES - 2 * __builtin_popcountll(own ^ spins[(y + 1) % side * side + x]);
    }
  return -bonds / LANES / side / side;
}

int main(int count, char **arguments) {
  if (count != 5) return 64;
  int metropolis_rule = strcmp(arguments[1], "metropolis") == 0;
  side = atoi(arguments[2]);
  double coupling = atof(arguments[3]);
  sweeps = atol(arguments[4]);
  spins = malloc(sizeof *spins * side * side);
  seed_random(1);
  for (int i = 0; i < side * side; i++) spins[i] = random_bits();
  if (metropolis_rule) {
    threshold[3] = fixed_point(exp(-4 * coupling));
  } else {
    for (int u = 0; u < 5; u++) threshold[u] = fixed_point(1 / (1 + exp(-4 * coupling * (u - 2))));
  }
  serve(metropolis_rule ? metropolis_sweeps : heat_bath_sweeps);
  fprintf(stderr, "energy per site %.4f\n", energy());
  return 0;
}
