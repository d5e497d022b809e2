"""Wolff clusters on an L × L torus in Numba: what one writes in Python when it has to be fast."""

import numba
import numpy as np


@numba.njit(cache=True)
def flip_cluster(spins, side, bond, stack):
    """Grow one cluster from a random site and flip it."""
    sites = spins.size
    seed = np.random.randint(sites)
    old = spins[seed]
    spins[seed] = -old
    stack[0] = seed
    height = 1
    while height > 0:
        height -= 1
        site = stack[height]
        column = site % side
        right = site + 1 if column < side - 1 else site + 1 - side
        left = site - 1 if column > 0 else site - 1 + side
        down = site + side if site < sites - side else site + side - sites
        up = site - side if site >= side else site - side + sites
        for neighbor in (right, left, down, up):
            if spins[neighbor] == old and np.random.random() < bond:
                spins[neighbor] = -old
                stack[height] = neighbor
                height += 1


@numba.njit(cache=True)
def sample(side, coupling, samples, spacing, thermalization, seed):
    """`samples` configurations, `spacing` clusters apart, as int8 rows."""
    np.random.seed(seed)
    sites = side * side
    bond = 1 - np.exp(-2 * coupling)
    spins = np.ones(sites, np.int8)
    stack = np.empty(sites, np.int64)
    rows = np.empty((samples, sites), np.int8)
    for _ in range(thermalization):
        flip_cluster(spins, side, bond, stack)
    for row in range(samples):
        for _ in range(spacing):
            flip_cluster(spins, side, bond, stack)
        rows[row] = spins
    return rows
