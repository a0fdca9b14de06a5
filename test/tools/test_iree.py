"""IREE, where it is installed, compiles the linalg that the command prints.

The packages are iree-base-compiler and iree-base-runtime. Nothing of the project
needs them; the test shows that what a step becomes is what other compilers take.
"""

import unittest

import numpy as np

try:
    from iree import compiler, runtime
except ImportError:
    compiler = None

from command import CommandTest


def convolve(x, k, stride=1, dilation=1, mode="constant"):
    """Correlation with same padding: x is bshw, k is tshw."""
    extents = [dilation * (taps - 1) + 1 for taps in k.shape[2:]]
    around = [((extent - 1) // 2, extent // 2) for extent in extents]
    padded = np.pad(x, [(0, 0), (0, 0), *around], mode=mode)
    heights, widths = (range(0, extent, stride) for extent in x.shape[2:])
    result = np.zeros((x.shape[0], k.shape[0], len(heights), len(widths)))
    for i in range(k.shape[2]):
        for j in range(k.shape[3]):
            rows = [h + dilation * i for h in heights]
            columns = [w + dilation * j for w in widths]
            result += np.einsum("bshw,ts->bthw", padded[:, :, rows][:, :, :, columns], k[:, :, i, j])
    return result


@unittest.skipUnless(compiler, "IREE is not installed")
class IREE(CommandTest):
    def compile(self, text):
        """A function of the module in `text`, compiled by IREE for this machine."""
        binary = compiler.compile_str(
            text, target_backends=["llvm-cpu"], extra_args=["--iree-llvmcpu-target-cpu=generic"])
        module = runtime.load_vm_flatbuffer(binary, driver="local-sync")
        return lambda *arrays: module.conveinsum_network(*arrays).to_host()

    def expect_equal(self, function, arrays, expected):
        got = function(*arrays)
        self.assertEqual(got.shape, expected.shape)
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-4)

    def check(self, equation, shapes, reference, *options):
        """A layer of static shapes, from the command."""
        spelled = ["x".join(map(str, shape)) for shape in shapes]
        text = self.succeed("compile", equation, *spelled, "--emit=linalg", "-o", "-", *options)
        random = np.random.default_rng(1)
        arrays = [random.standard_normal(shape).astype(np.float32) for shape in shapes]
        self.expect_equal(self.compile(text), arrays, reference(*arrays))

    def test_strided(self):
        self.check("bshw,tshw->bthw|hw", [(2, 3, 9, 8), (4, 3, 3, 3)],
                   lambda x, k: convolve(x, k, stride=2), "--conv=h,w:stride=2")

    def test_dilated_with_channels_last(self):
        self.check("bhws,hwst->bhwt|hw", [(2, 9, 8, 3), (3, 3, 3, 4)],
                   lambda x, k: convolve(x.transpose(0, 3, 1, 2), k.transpose(3, 2, 0, 1), dilation=2).transpose(0, 2, 3, 1),
                   "--conv=h,w:dilation=2")

    def test_tucker(self):
        self.check("bshw,pt,qs,pqhw->bthw|hw", [(2, 6, 9, 8), (3, 5), (2, 6), (3, 2, 3, 3)],
                   lambda x, t, s, k: convolve(x, np.einsum("pt,qs,pqhw->tshw", t, s, k)))

    def test_circular(self):
        self.check("bshw,rt,rs,rh,rw->bthw|hw", [(2, 6, 9, 8), (3, 5), (3, 6), (3, 3), (3, 3)],
                   lambda x, t, s, h, w: convolve(x, np.einsum("rt,rs,rh,rw->tshw", t, s, h, w), mode="wrap"),
                   "--conv=h,w:padding=circular")

    def test_dynamic_batch(self):
        text = self.succeed("compile", "bshw,rt,rs,rh,rw->bthw|hw", "?x6x9x8", "3x5", "3x6", "3x3", "3x3",
                            "--emit=linalg", "-o", "-")
        function = self.compile(text)
        random = np.random.default_rng(1)
        for batch in 1, 2, 7:
            shapes = (batch, 6, 9, 8), (3, 5), (3, 6), (3, 3), (3, 3)
            arrays = [random.standard_normal(shape).astype(np.float32) for shape in shapes]
            kernel = np.einsum("rt,rs,rh,rw->tshw", *arrays[1:])
            self.expect_equal(function, arrays, convolve(arrays[0], kernel))
