"""A loss of one's own in PyTorch: quoted by the book, and run by ``make references``."""

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - as everyone names it


def miss_loss(z, t, m):
    """Return the mean cross-entropy from logits, where a miss costs m."""
    if z.shape != t.shape:
        shapes = f"{tuple(z.shape)} and {tuple(t.shape)}"
        raise ValueError(f"logits and labels differ: {shapes}")
    each = -m * t * F.logsigmoid(z) - (1 - t) * F.logsigmoid(-z)
    return each.mean()


class MissLoss(nn.Module):
    """The same as a module, which remembers m."""

    def __init__(self, m):
        """Remember what a miss costs."""
        super().__init__()
        self.m = m

    def forward(self, z, t):
        """Return the loss."""
        return miss_loss(z, t, self.m)


def network(w1, w2, b1, b2, w3, w4, b3):
    """Return the network of the page."""
    net = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1)).double()
    start = ([[w1], [w2]], [b1, b2], [[w3, w4]], [b3])
    with torch.no_grad():
        for parameter, values in zip(net.parameters(), start, strict=True):
            parameter.copy_(torch.tensor(values))
    return net


def gradients(x, t, m, start):
    """Return what backpropagation finds for the seven parameters."""
    net = network(*start)
    loss = miss_loss(net(x[:, None]), t[:, None], m)
    loss.backward()
    return torch.cat([p.grad.flatten() for p in net.parameters()])
