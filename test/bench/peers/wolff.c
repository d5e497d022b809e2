/* Wolff clusters of one chain on an L x L torus.
 *
 * cc -O3 -march=native -o wolff wolff.c -lm
 * wolff L K CLUSTERS        (CLUSTERS a round)
 */
#include <math.h>
#include <stdlib.h>
#include "serve.h"
#include "xoshiro.h"

struct site {
  int32_t neighbors[4];
};

static int sites;
static long clusters;
static int8_t *spins;
static struct site *lattice;
static int32_t *stack;
static uint64_t bond;

static void build(int side) {
  sites = side * side;
  spins = malloc(sites);
  lattice = malloc(sizeof *lattice * sites);
  stack = malloc(sizeof *stack * sites);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++) {
      spins[y * side + x] = 1;
      lattice[y * side + x] = (struct site){{
          y * side + (x + 1) % side,
          (y + 1) % side * side + x,
          y * side + (x + side - 1) % side,
          (y + side - 1) % side * side + x,
      }};
    }
}

/* Grow clusters from random sites, flipping sites as they join; returns the sites flipped. Locals, because a store to
 * a spin (a char) could alias any global. */
static double flip_clusters(void) {
  const struct site *const torus = lattice;
  int8_t *const state = spins;
  int32_t *const open = stack;
  const uint64_t size = (uint64_t)sites, limit = bond;
  long flipped = 0;
  for (long cluster = 0; cluster < clusters; cluster++) {
    int32_t seed = (int32_t)((random_bits() >> 32) * size >> 32);
    const int8_t old = state[seed];
    int height = 0;
    state[seed] = -old;
    open[height++] = seed;
    while (height > 0) {
      const int32_t *neighbors = torus[open[--height]].neighbors;
      flipped++;
      for (int direction = 0; direction < 4; direction++) {
        int32_t site = neighbors[direction];
        if (state[site] == old && random_bits() < limit) {
          state[site] = -old;
          open[height++] = site;
        }
      }
    }
  }
  return (double)flipped;
}

int main(int count, char **arguments) {
  if (count != 4) return 64;
  double coupling = atof(arguments[2]);
  clusters = atol(arguments[3]);
  bond = (uint64_t)((1 - exp(-2 * coupling)) * 18446744073709551615.0);
  build(atoi(arguments[1]));
  seed_random(1);
  serve(flip_clusters);
  return 0;
}
