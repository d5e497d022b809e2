/* xoshiro256++ (Blackman and Vigna 2021), seeded by splitmix64: 64 random bits a call. */
#ifndef XOSHIRO_H
#define XOSHIRO_H

#include <stdint.h>

static uint64_t random_state[4];

static void seed_random(uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    uint64_t z = seed += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    random_state[i] = z ^ (z >> 31);
  }
}

static inline uint64_t rotate(uint64_t x, int k) { return x << k | x >> (64 - k); }

static inline uint64_t random_bits(void) {
  uint64_t *s = random_state;
  uint64_t result = rotate(s[0] + s[3], 23) + s[0];
  uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

#endif
