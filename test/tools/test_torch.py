"""PyTorch's autograd gives the gradients that compiled functions give.

The layers of every family are rebuilt as one kernel and applied by PyTorch's own
convolution, so that nothing but the equation is shared. Skipped where PyTorch is
not installed; nothing of the project needs it.
"""

import itertools
import unittest

import numpy as np

from optional_torch import torch
from training import GradTest, drawn

# Equation, shapes, how the dense kernel is rebuilt (operands are those after the
# first), groups of the convolution.
FAMILIES = {
    "CP": ("bshw,rt,rs,rh,rw->bthw|hw", [(2, 4, 9, 8), (3, 5), (3, 4), (3, 3), (3, 3)],
           "rt,rs,rh,rw->tshw", 1),
    "Tucker": ("bshw,ta,sc,achw->bthw|hw", [(2, 4, 9, 8), (5, 2), (4, 3), (2, 3, 3, 3)],
               "ta,sc,achw->tshw", 1),
    "tensor train": ("bshw,sa,ahc,cwd,dt->bthw|hw", [(2, 4, 9, 8), (4, 2), (2, 3, 3), (3, 3, 2), (2, 5)],
                     "sa,ahc,cwd,dt->tshw", 1),
    "tensor ring": ("bshw,asc,chd,dwe,eta->bthw|hw",
                    [(2, 4, 9, 8), (2, 4, 3), (3, 3, 2), (2, 3, 2), (2, 5, 2)],
                    "asc,chd,dwe,eta->tshw", 1),
    "block term": ("bshw,gta,gsc,gachw->bthw|hw", [(2, 4, 9, 8), (2, 5, 2), (2, 4, 3), (2, 2, 3, 3, 3)],
                   "gta,gsc,gachw->tshw", 1),
    "depthwise separable": ("bshw,sh,sw->bshw|hw", [(2, 4, 9, 8), (4, 3), (4, 3)], "sh,sw->shw", 4),
    "CP in one dimension": ("bsh,rt,rs,rh->bth|h", [(2, 4, 11), (3, 5), (3, 4), (3, 3)], "rt,rs,rh->tsh", 1),
    "CP in three dimensions": ("bshwd,rt,rs,rh,rw,rd->bthwd|hwd",
                               [(1, 3, 6, 5, 7), (2, 4), (2, 3), (2, 3), (2, 2), (2, 3)],
                               "rt,rs,rh,rw,rd->tshwd", 1),
}


@unittest.skipUnless(torch, "PyTorch is not installed")
class Autograd(GradTest):
    def expected(self, arrays, rebuild, groups, geometry, cotangent):
        """The gradients by autograd, through the dense kernel."""
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        kernel = torch.einsum(rebuild, *tensors[1:])
        if groups > 1:
            kernel = kernel.unsqueeze(1)
        dims = kernel.ndim - 2
        convolve = (torch.conv1d, torch.conv2d, torch.conv3d)[dims - 1]
        stride, dilation, padding = geometry
        result = convolve(tensors[0], kernel, stride=stride, dilation=dilation, padding=padding, groups=groups)
        result.backward(torch.tensor(cotangent(tuple(result.shape))))
        return [tensor.grad.numpy() for tensor in tensors]

    def test_layers_of_every_family(self):
        for (name, (equation, shapes, rebuild, groups)), geometry in itertools.product(
                FAMILIES.items(), [(1, 1, 1), (2, 1, 1), (1, 2, 2), (3, 2, 1), (2, 1, 0)]):
            with self.subTest(name=name, stride=geometry[0], dilation=geometry[1], padding=geometry[2]):
                arrays = [drawn(shape, k) for k, shape in enumerate(shapes)]
                kept = {}

                def cotangent(shape):
                    kept["g"] = drawn(shape, 99)
                    return kept["g"]

                expected = self.expected(arrays, rebuild, groups, geometry, cotangent)
                modes = ",".join(equation.split("|")[1])
                files = [self.save(f"x{k}.npy", array) for k, array in enumerate(arrays)]
                self.grad(equation, files, "--cotangent=" + self.save("g.npy", kept["g"]),
                          "--conv={}:stride={},dilation={},padding={}".format(modes, *geometry))
                for k, gradient in enumerate(expected):
                    got = self.load(k)
                    self.assertEqual(got.shape, gradient.shape)
                    np.testing.assert_allclose(got, gradient, rtol=1e-10, atol=1e-11)

    def test_a_reshaped_layer(self):
        shapes = [(2, 2, 3, 7, 7), (3, 2, 2), (3, 3, 2), (3, 3, 3)]
        arrays = [drawn(shape, k) for k, shape in enumerate(shapes)]
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        kernel = torch.einsum("rxi,ryj,rhw->ijxyhw", *tensors[1:]).reshape(4, 6, 3, 3)
        result = torch.conv2d(tensors[0].reshape(2, 6, 7, 7), kernel, padding=1).reshape(2, 2, 2, 7, 7)
        g = drawn(tuple(result.shape), 99)
        result.backward(torch.tensor(g))
        files = [self.save(f"x{k}.npy", array) for k, array in enumerate(arrays)]
        self.grad("b(s1)(s2)hw,r(s1)(t1),r(s2)(t2),rhw->b(t1)(t2)hw|hw", files,
                  "--cotangent=" + self.save("g.npy", g))
        for k, tensor in enumerate(tensors):
            np.testing.assert_allclose(self.load(k), tensor.grad.numpy(), rtol=1e-10, atol=1e-11)

    def test_complex_numbers(self):
        arrays = [drawn((3, 4), 0, "c16"), drawn((4, 5), 1, "c16"), drawn((5, 2), 2, "c16")]
        tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
        result = torch.einsum("ij,jk,kl->il", *tensors)
        g = drawn((3, 2), 99, "c16")
        result.backward(torch.tensor(g))
        files = [self.save(f"x{k}.npy", array) for k, array in enumerate(arrays)]
        self.grad("ij,jk,kl->il", files, "--cotangent=" + self.save("g.npy", g))
        for k, tensor in enumerate(tensors):
            np.testing.assert_allclose(self.load(k), tensor.grad.numpy(), rtol=1e-11)


if __name__ == "__main__":
    unittest.main()
