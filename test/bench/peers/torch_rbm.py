"""PyTorch on the CPU: CD-1 steps or Gibbs sweeps of an RBM with 0/1 units, float32, no autograd.

Options as in numpy_rbm.py, and threads.
"""

import torch
from serve import options, serve


def draw(means):
    """0/1 units with these means; several times faster on the CPU than torch.bernoulli."""
    return torch.rand_like(means).lt_(means)


class Machine:
    def __init__(self, visible, hidden):
        self.weights = 0.01 * torch.randn(visible, hidden)
        self.visible_bias = torch.zeros(visible)
        self.hidden_bias = torch.zeros(hidden)
        self.velocity = torch.zeros(visible, hidden)

    def hidden_means(self, v):
        return torch.addmm(self.hidden_bias, v, self.weights).sigmoid_()

    def visible_means(self, h):
        return torch.addmm(self.visible_bias, h, self.weights.t()).sigmoid_()

    def sweep(self, v):
        return draw(self.visible_means(draw(self.hidden_means(v))))

    def update(self, v, rate):
        data = self.hidden_means(v)
        model_v = draw(self.visible_means(draw(data)))
        model = self.hidden_means(model_v)
        self.velocity.mul_(0.5)
        self.velocity.addmm_(v.t(), data, alpha=rate)
        self.velocity.addmm_(model_v.t(), model, alpha=-rate)
        self.weights += self.velocity
        self.hidden_bias.add_((data - model).sum(0), alpha=rate)
        self.visible_bias.add_((v - model_v).sum(0), alpha=rate)


@torch.no_grad()
def main():
    given = options()
    torch.set_num_threads(given["threads"])
    torch.manual_seed(1)
    rows, steps = given["rows"], given["steps"]
    machine = Machine(given["visible"], given["hidden"])

    if given["task"] == "gibbs":
        state = torch.bernoulli(torch.full((rows, given["visible"]), 0.5))

        def work():
            nonlocal state
            for _ in range(steps):
                state = machine.sweep(state)

    else:
        data = torch.bernoulli(torch.full((steps * rows, given["visible"]), 0.5))

        def work():
            for first in range(0, len(data), rows):
                machine.update(data[first : first + rows], 0.01 / rows)

    serve(work)


main()
