/* The bench's side of a conversation: "run" on standard input does one round, anything else ends the program. */
#ifndef SERVE_H
#define SERVE_H

#include <stdio.h>
#include <string.h>
#include <time.h>

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

/* Answers each "run" with the seconds that work() took and the number of flips it returned. */
static void serve(double (*work)(void)) {
  char line[64];
  printf("{\"ready\":true}\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "run", 3) == 0) {
    double start = seconds();
    double flips = work();
    printf("{\"seconds\":%.9f,\"flips\":%.0f}\n", seconds() - start, flips);
    fflush(stdout);
  }
}

#endif
