"""scikit-learn: the updates of BernoulliRBM (persistent CD-1, 0/1 units, no momentum), float32.

Options: visible, hidden, rows, steps. Timed are the updates `fit` makes, without its checks of the input and its
initialisation: what is left is the arithmetic of one batch after the other.
"""

import numpy as np
from serve import options, serve
from sklearn.neural_network import BernoulliRBM


def main():
    given = options()
    rows = given["rows"]
    random = np.random.RandomState(1)
    data = (random.random_sample((given["steps"] * rows, given["visible"])) < 0.5).astype(np.float32)
    machine = BernoulliRBM(
        n_components=given["hidden"], batch_size=rows, n_iter=1, learning_rate=0.01, random_state=1
    ).fit(data[:rows])

    def work():
        for first in range(0, len(data), rows):
            machine._fit(data[first : first + rows], random)

    serve(work)


main()
