"""NumPy: CD-1 steps or Gibbs sweeps of an RBM with 0/1 units, float32, products by the BLAS it was built with.

Options: task "cd" | "gibbs", visible, hidden, rows (batch or chains), steps (updates or sweeps a round).
CD-1: h sampled from the data, v' sampled, probabilities in the gradient, momentum 0.5, all biases.
"""

import numpy as np
from serve import options, serve

REAL = np.float32


def logistic(x):
    """1/(1 + e^-x), in place."""
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += REAL(1)
    return np.reciprocal(x, out=x)


class Machine:
    def __init__(self, visible, hidden, random):
        self.random = random
        self.weights = REAL(0.01) * random.standard_normal((visible, hidden), dtype=REAL)
        self.visible_bias = np.zeros(visible, REAL)
        self.hidden_bias = np.zeros(hidden, REAL)
        self.velocity = np.zeros_like(self.weights)

    def hidden_means(self, v):
        x = v @ self.weights
        x += self.hidden_bias
        return logistic(x)

    def visible_means(self, h):
        x = h @ self.weights.T
        x += self.visible_bias
        return logistic(x)

    def draw(self, means):
        return (self.random.random(means.shape, dtype=REAL) < means).astype(REAL)

    def sweep(self, v):
        return self.draw(self.visible_means(self.draw(self.hidden_means(v))))

    def update(self, v, rate):
        data = self.hidden_means(v)
        model_v = self.draw(self.visible_means(self.draw(data)))
        model = self.hidden_means(model_v)
        gradient = v.T @ data
        gradient -= model_v.T @ model
        gradient *= rate
        self.velocity *= REAL(0.5)
        self.velocity += gradient
        self.weights += self.velocity
        self.hidden_bias += rate * (data - model).sum(axis=0)
        self.visible_bias += rate * (v - model_v).sum(axis=0)


def main():
    given = options()
    rows, steps = given["rows"], given["steps"]
    random = np.random.default_rng(1)
    machine = Machine(given["visible"], given["hidden"], random)

    if given["task"] == "gibbs":
        state = (random.random((rows, given["visible"])) < 0.5).astype(REAL)

        def work():
            nonlocal state
            for _ in range(steps):
                state = machine.sweep(state)

    else:
        data = (random.random((steps * rows, given["visible"])) < 0.5).astype(REAL)
        rate = REAL(0.01 / rows)

        def work():
            for first in range(0, len(data), rows):
                machine.update(data[first : first + rows], rate)

    serve(work)


main()
