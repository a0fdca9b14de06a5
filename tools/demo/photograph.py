#!/usr/bin/env python3
"""A photograph through two convolutional tensor networks.

1. A bank of 16 separable filters (9 taps each way, stride 2) on the colours and
   the luminance of the photograph: 4 x 16 = 64 feature maps. One equation, so the
   filters are never multiplied out to 9 x 9 kernels.
2. A convolution layer of ResNet size (64 -> 64 channels, 3 x 3) whose kernel is a
   CP decomposition of rank 32.

For both the plan is printed, the network is compiled and run, and a crop is
checked against the definition of the equation. The photograph is the portrait of
Grace Hopper (US Navy, public domain) that Debian ships in python-matplotlib-data.
"""

import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image

PHOTOGRAPH = "/usr/share/matplotlib/mpl-data/sample_data/grace_hopper.jpg"
BANK = "chw,fh,fw->cfhw|hw"
CP_LAYER = "bshw,rt,rs,rh,rw->bthw|hw"
CP_RANK = 32
CROP = 10


def filter_bank(taps: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """16 separable filters: Gaussians and their first two derivatives at two
    scales, as the products of a vertical and a horizontal factor."""
    x = np.arange(taps) - taps // 2
    profiles = []
    for sigma in (0.9, 1.8):
        gauss = np.exp(-(x**2) / (2 * sigma**2))
        gauss /= gauss.sum()
        slope = -x * gauss
        curve = (x**2 / sigma**2 - 1) * gauss
        profiles.append([gauss, slope / np.abs(slope).sum(), curve / np.abs(curve).sum()])
    pairs = [(v, h) for scale in profiles for v in scale[:2] for h in scale[:2]]
    for scale in profiles:
        gauss, slope, curve = scale
        pairs += [(curve, gauss), (gauss, curve), (curve, curve), (curve, slope)]
    vertical, horizontal = zip(*pairs)
    return np.array(vertical, np.float32), np.array(horizontal, np.float32)


def cp_factors(channels: int, rank: int) -> list[np.ndarray]:
    """Factors of a CP-decomposed 3 x 3 layer: cosine mixtures over the channels,
    smoothing and edge profiles over the space."""
    r = np.arange(rank)[:, None]
    c = np.arange(channels)[None, :]
    basis = np.cos(np.pi * (2 * c + 1) * (r + 1) / (2 * channels)) * np.sqrt(2.0 / channels)
    mix = np.cos(2.399963 * (r + 1) * (c + 1))
    profiles = np.array([[1, 2, 1], [-2, 0, 2], [-1, 2, -1]]) / 4.0
    return [a.astype(np.float32) for a in (mix / np.sqrt(rank), basis, profiles[np.arange(rank) % 3],
                                           profiles[(np.arange(rank) // 3) % 3])]


class Network:
    """One equation run by the command on arrays kept as .npy files."""

    def __init__(self, command: str, folder: pathlib.Path, equation: str, *options: str):
        self.command, self.folder, self.equation, self.options = command, folder, equation, options

    def plan(self, operands: list[np.ndarray]) -> None:
        shapes = ["x".join(map(str, a.shape)) for a in operands]
        self._call("plan", self.equation, *shapes, *self.options)

    def run(self, name: str, operands: list[np.ndarray], *extra: str) -> tuple[np.ndarray, dict]:
        files = []
        for k, array in enumerate(operands):
            files.append(str(self.folder / f"{name}-{k}.npy"))
            np.save(files[-1], array)
        output = str(self.folder / f"{name}-result.npy")
        text = self._call("run", self.equation, *files, "-o", output, "--json", *self.options, *extra, capture=True)
        return np.load(output), json.loads(text)

    def _call(self, *arguments: str, capture: bool = False) -> str:
        sys.stdout.flush()
        done = subprocess.run([self.command, *arguments], stdout=subprocess.PIPE if capture else None, text=True)
        if done.returncode != 0:
            sys.exit(f"error: {self.command} {arguments[0]} failed with exit code {done.returncode}")
        return done.stdout


def run_and_check(network: Network, name: str, operands: list[np.ndarray], crop: list[np.ndarray]) -> np.ndarray:
    """Plans, runs, and checks on a crop of the data operand."""
    print(f"\n== {name}: {network.equation} {' '.join(network.options)}\n")
    network.plan(operands)
    result, report = network.run(name, operands)
    print(f"\nran in {report['seconds'] * 1e3:.1f} ms, result {'x'.join(map(str, result.shape))}")
    _, checked = network.run(f"{name}-crop", crop, "--check")
    shape = "x".join(map(str, crop[0].shape))
    verdict = "passed" if checked["passed"] else "FAILED"
    print(f"crop {shape} against the definition: {verdict}, "
          f"largest error {checked['max_error']:.2e}, bound {checked['bound']:.2e} (relative to A)")
    if not checked["passed"]:
        sys.exit(1)
    return result


def tile(maps: np.ndarray, columns: int, scale: int) -> Image.Image:
    """Feature maps as one grey picture; each map is stretched to its own range."""
    low, high = np.percentile(maps, [1, 99], axis=(1, 2))
    span = np.maximum(high - low, 1e-6)[:, None, None]
    grey = np.clip((maps - low[:, None, None]) / span, 0, 1)
    grey = (255 * grey[:, ::scale, ::scale]).astype(np.uint8)
    rows = [np.hstack(grey[k:k + columns]) for k in range(0, len(grey), columns)]
    return Image.fromarray(np.vstack(rows))


def beside(pictures: list[Image.Image], gap: int = 12) -> Image.Image:
    height = max(p.height for p in pictures)
    canvas = Image.new("RGB", (sum(p.width for p in pictures) + gap * (len(pictures) - 1), height), "white")
    x = 0
    for picture in pictures:
        canvas.paste(picture.convert("RGB"), (x, (height - picture.height) // 2))
        x += picture.width + gap
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", default="build/bin/conveinsum", help="the conveinsum command")
    parser.add_argument("--output", default="build/demo", type=pathlib.Path, help="folder for arrays and pictures")
    parser.add_argument("--photograph", default=PHOTOGRAPH, help="any picture that PIL reads")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)

    photograph = Image.open(arguments.photograph).convert("RGB")
    colours = np.asarray(photograph, np.float32).transpose(2, 0, 1) / 255
    luminance = np.tensordot(np.float32([0.299, 0.587, 0.114]), colours, 1)
    image = np.concatenate([colours, luminance[None]])

    vertical, horizontal = filter_bank()
    bank = Network(arguments.command, arguments.output, BANK, "--conv=h,w:stride=2")
    responses = run_and_check(bank, "filter-bank", [image, vertical, horizontal],
                              [np.ascontiguousarray(image[:, 200:264, 200:264]), vertical, horizontal])

    # c and f become the 64 channels of a ResNet stage.
    features = np.abs(responses).reshape(1, -1, *responses.shape[2:])
    factors = cp_factors(features.shape[1], CP_RANK)
    layer = Network(arguments.command, arguments.output, CP_LAYER)
    y0, x0 = features.shape[2] // 3, features.shape[3] // 3
    crop = np.ascontiguousarray(features[:, :, y0:y0 + CROP, x0:x0 + CROP])
    result = run_and_check(layer, "cp-layer", [features, *factors], [crop, *factors])

    # Away from its border the crop must reproduce the whole picture's result.
    cropped, _ = layer.run("cp-layer-crop", [crop, *factors])
    inside = result[:, :, y0 + 1:y0 + CROP - 1, x0 + 1:x0 + CROP - 1]
    difference = float(np.abs(cropped[:, :, 1:-1, 1:-1] - inside).max() / np.abs(inside).max())
    print(f"inside of the crop against the whole picture: relative difference {difference:.2e}")
    if difference > 1e-4:
        sys.exit("error: the crop and the whole picture disagree")

    picture = beside([photograph, tile(responses[3], 4, 2), tile(result[0, ::4], 4, 2)])
    target = arguments.output / "before-after.png"
    picture.save(target)
    print(f"\nwrote {target}: the photograph, 16 filter responses of its luminance, 16 channels of the layer")


if __name__ == "__main__":
    main()
