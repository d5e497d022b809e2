"""One layer from Ising configurations, end to end: Numba Wolff, scikit-learn BernoulliRBM, weights on disk.

Options: side, coupling, samples, spacing, thermalization, hidden, epochs, batch, out (a folder). Prints the seconds of
each phase and the peak memory. With samples = 0 it only compiles (Numba keeps the result in NUMBA_CACHE_DIR).
"""

import os
import resource
import time

start = time.perf_counter()

import numpy as np
from numba_wolff import sample
from serve import options, tell
from sklearn.neural_network import BernoulliRBM


def peak_megabytes():
    """High-water mark of this program's own memory; ru_maxrss may also count the parent's at the fork."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def draw(given):
    rows = sample(given["side"], given["coupling"], given["samples"], given["spacing"], given["thermalization"], 1)
    return rows, observables(rows, given["side"])


def observables(rows, side):
    """Energy and |m| per site."""
    grid = rows.reshape(-1, side, side)
    bonds = [(grid * np.roll(grid, 1, axis)).mean(dtype=np.float64) for axis in (1, 2)]
    return -float(sum(bonds)), float(np.abs(rows.mean(axis=1, dtype=np.float64)).mean())


def fit(rows, given):
    data = (rows > 0).astype(np.float32)
    return BernoulliRBM(
        n_components=given["hidden"],
        batch_size=given["batch"],
        n_iter=given["epochs"],
        learning_rate=0.01,
        random_state=1,
    ).fit(data)


def write(machine, rows, folder):
    os.makedirs(folder, exist_ok=True)
    np.save(os.path.join(folder, "configurations.npy"), rows)
    np.save(os.path.join(folder, "weights.npy"), machine.components_.T)
    np.savetxt(os.path.join(folder, "weights.csv"), machine.components_.T, delimiter=",", fmt="%.9g")
    np.savetxt(os.path.join(folder, "hidden-bias.csv"), machine.intercept_hidden_, fmt="%.9g")
    np.savetxt(os.path.join(folder, "visible-bias.csv"), machine.intercept_visible_, fmt="%.9g")


def main():
    given = options()
    if given["samples"] == 0:
        sample(4, 0.4, 1, 1, 1, 1)
        return
    marks = [start, time.perf_counter()]
    rows, (energy, magnetization) = draw(given)
    marks.append(time.perf_counter())
    machine = fit(rows, given)
    marks.append(time.perf_counter())
    write(machine, rows, given["out"])
    marks.append(time.perf_counter())
    phases = dict(zip(("importing", "sampling", "training", "writing"), np.diff(marks).tolist()))
    tell(**phases, peakMegabytes=peak_megabytes(), energy=energy, magnetization=magnetization)


main()
