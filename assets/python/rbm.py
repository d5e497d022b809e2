"""Read an RBM of rbm-rg, a run folder or a file of `rbm-rg export`, with NumPy alone.

E(v, h) = -c.v - b.h - v W h, P(v, h) = exp(-E)/Z; units are -1, +1 or 0, 1. Arrays are in double precision.
"""

import json
import os

import numpy


class Rbm:
    def __init__(self, path, layer=1):
        """path: a run folder, or a .npz file; layer: counted from 1 at the bottom."""
        if os.path.isdir(path):
            self.W, self.c, self.b = (
                numpy.load(os.path.join(path, f"{name}-{layer}.npy")).astype(float)
                for name in ("weights", "visible-bias", "hidden-bias")
            )
            with open(os.path.join(path, "manifest.json"), encoding="utf-8") as file:
                self.low = -1 if json.load(file)["config"]["model"]["units"] == "spin" else 0
            return
        with numpy.load(path) as arrays:
            end = f"_{layer}" if f"weights_{layer}" in arrays else ""
            sign = -float(arrays["energy_sign"])  # to E = -c.v - ...
            self.W, self.c, self.b = (
                sign * arrays[name + end].astype(float) for name in ("weights", "visible_bias", "hidden_bias")
            )
            self.low = int(arrays["lower_state"])
            if arrays["hidden_first"]:
                self.W = self.W.T

    def trace(self, x):
        """ln of the sum over one unit with input x: ln 2cosh x, or softplus x."""
        return numpy.logaddexp(self.low * x, x)

    def mean(self, x):
        """Mean of one unit with input x: tanh x, or the logistic function."""
        return numpy.tanh(x) if self.low == -1 else 0.5 * (1 + numpy.tanh(x / 2))

    def hidden_means(self, v):
        """<h> given v; v is (rows, visible)."""
        return self.mean(self.b + v @ self.W)

    def visible_means(self, h):
        """<v> given h; h is (rows, hidden)."""
        return self.mean(self.c + h @ self.W.T)

    def effective_hamiltonian(self, v):
        """H(v) = -ln sum over h of exp(-E(v, h)), the free energy of a configuration; v is (rows, visible)."""
        return -(v @ self.c) - self.trace(self.b + v @ self.W).sum(axis=-1)

    def free_energy(self):
        """F = -ln Z, by summing over the states of the smaller layer, at most 20 units."""
        W, c, b = (self.W, self.c, self.b) if len(self.c) <= len(self.b) else (self.W.T, self.b, self.c)
        assert len(c) <= 20, "too many states to sum over"
        states = (numpy.arange(2 ** len(c))[:, None] >> numpy.arange(len(c))) & 1
        states = numpy.where(states == 1, 1, self.low)
        return -numpy.logaddexp.reduce(states @ c + self.trace(b + states @ W).sum(axis=1))
