#!/usr/bin/env python3
"""Makes the seeds of the fuzzers from the data and the IR of the other tests.

    seeds.py TEST_FOLDER OUTPUT_FOLDER

Every seed is a small file OUTPUT_FOLDER/FUZZER/NAME; the same ones on every
machine.
"""

import io
import json
import pathlib
import random
import re
import struct
import sys

import numpy as np

MOST_BYTES = 3000


def cases(test):
    """The case objects of the data files, without their results."""
    for name, key in (("golden", "cases"), ("invalid", "cases"), ("networks", "networks"),
                      ("exact", "networks"), ("corpus", "entries")):
        objects = json.loads((test / "data" / f"{name}.json").read_text())[key]
        for number, case in enumerate(objects):
            if name == "corpus" and number % 20:
                continue
            kept = {key: value for key, value in case.items() if key in (
                "name", "expr", "shapes", "conv_modes", "out_shape", "tree", "path", "ssa_path")}
            if isinstance(kept.get("expr"), str):
                yield f"{name}-{number}", kept


def shape_text(shape):
    return "x".join(map(str, shape)) if shape else "scalar"


def geometry_words(label, mode):
    """The option that says what a mode of a case says, as far as it is usual."""
    words = []
    for key, option in (("stride", "stride"), ("feature_operand", "feature"), ("kind", "kind"),
                        ("output_padding", "output-padding")):
        if key in mode:
            words.append(f"{option}={mode[key]}")
    for key in ("padding", "dilation"):
        value = mode.get(key)
        if isinstance(value, list):
            words.append(f"{key}=" + "/".join(map(str, value)))
        elif isinstance(value, (int, str)):
            words.append(f"{key}={value}")
    words += [key for key in ("flip", "transposed") if mode.get(key) is True]
    return f"{label}:" + ",".join(words) if words else None


def equation_seeds(test):
    for name, case in cases(test):
        shapes = case.get("shapes")
        lines = [case["expr"]]
        if isinstance(shapes, list) and all(isinstance(shape, list) for shape in shapes):
            lines += map(shape_text, shapes)
        modes = case.get("conv_modes")
        for label, mode in (modes.items() if isinstance(modes, dict) else ()):
            if isinstance(mode, dict) and (words := geometry_words(label, mode)):
                lines.append(words)
        yield name, "\n".join(lines).encode()
    for number, padding in enumerate(("same", "same-upper", "same-lower", "valid", "full",
                                      "causal", "circular", "1/2", "-1/0")):
        for stride in (1, 3):
            yield f"words-{number}-{stride}", (
                f"bsh,tsh->bth|h\n2x3x9\n4x3x3\nh:stride={stride},padding={padding}\n"
                "h:dilation=2").encode()
            yield f"transposed-{number}-{stride}", (
                f"bsh,tsh->bth|h\n2x3x9\n4x3x3\nh:stride={stride},padding={padding},transposed,"
                "flip").encode()
    yield "three", b"bh,h,h->bh|h\n2x9\n3\n2\nh:stride=2,dilation=2/1,padding=circular"
    yield "open", b"bsh,tsh->bth|h\n?x3x?\n4x3x3"
    yield "words", b"batch s h, rank s -> batch rank h\n2x3x4\n5x3"


MACHINE = re.compile(r"```json file=machine\.json\n(.*?)```", re.DOTALL)


def case_seeds(test):
    for name, case in cases(test):
        yield name, json.dumps(case).encode()
    pages = test.parent / "docs" / "TargetModels.md"
    yield "machine", MACHINE.search(pages.read_text()).group(1).encode()
    network = {"inputs": [["a", "b"], ["b", "c"], ["c", "d"]], "output": ["a", "d"],
               "size_dict": {"a": 2, "b": 3, "c": 4, "d": 5}}
    yield "network", json.dumps(network).encode()
    yield "network-path", json.dumps({**network, "path": [[0, 1], [0, 1]],
                                      "ssa_path": [[0, 1], [2, 3]]}).encode()
    wide = {"expr": "ab,bc,cd,de->ae", "shapes": [[2, 3], [3, 4], [4, 5], [5, 6]]}
    for number, path in enumerate(([[0, 1, 2], [0, 1]], ["einsum_path", [0, 1], [0, 1, 2]],
                                   [[0, 1, 2, 3]], [[0], [0, 1], [0, 1], [0, 1]])):
        yield f"path-{number}", json.dumps({**wide, "path": path}).encode()
        yield f"ssa-{number}", json.dumps({**wide, "ssa_path": path}).encode()
    yield "tree-case", json.dumps({**wide, "tree": "((0,2),(1,3))"}).encode()
    for number, text in enumerate(("((0,2),1)", "[[0, 1], 2]", "(0,2),(0,1)", "(0,2),(3,1)",
                                   "['einsum_path', (0, 1), (0, 1)]", "0", "(0,)")):
        yield f"text-{number}", text.encode()


def npy_seeds(_):
    draw = np.random.RandomState(1)
    for number, dtype in enumerate(("f2", "f4", "f8", "c8", "c16", "i1", "i2", "i4", "i8", "u1",
                                    "u2", "?", ">f4", ">c16", ">i2")):
        array = (draw.rand(2, 3) * 100).astype(dtype)
        for order in "CF":
            stream = io.BytesIO()
            np.save(stream, np.asarray(array, order=order))
            yield f"array-{number}-{order}", stream.getvalue()
    for number, shape in enumerate(((), (0,), (2, 0, 3), (1,) * 12)):
        stream = io.BytesIO()
        np.save(stream, np.zeros(shape, "f4"))
        yield f"shape-{number}", stream.getvalue()
    for version in ((2, 0), (3, 0)):
        stream = io.BytesIO()
        np.lib.format.write_array(stream, np.arange(4.0), version=version)
        yield f"version-{version[0]}", stream.getvalue()
    for number, (save, arrays) in enumerate((
            (np.savez, {"x": np.arange(6.0)}), (np.savez_compressed, {"x": np.arange(60.0)}),
            (np.savez_compressed, {"x": draw.rand(20), "y": np.zeros((3, 3), "f4")}),
            (np.savez, {}))):
        stream = io.BytesIO()
        save(stream, **arrays)
        yield f"archive-{number}", stream.getvalue()
    yield "dictionary", b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
    yield "lies", b"\x93NUMPY\x01\x00" + struct.pack("<H", 64) + (
        b"{'descr': '<f8', 'fortran_order': True, 'shape': (1<<40,), }".ljust(63) + b"\n")


COMMENT = re.compile(r"^\s*//.*\n?", re.MULTILINE)


def modules(test):
    for folder in ("Dialect/ConvEinsum", "Pipelines", "Conversion/ConvEinsumToLinalg"):
        for path in sorted((test / folder).glob("*.mlir")):
            for number, part in enumerate(path.read_text().split("// -----")):
                yield f"{path.stem}-{number}", COMMENT.sub("", part).strip() + "\n"


def assembly_seeds(test):
    for name, module in modules(test):
        if "conveinsum." in module:
            yield name, module.encode()


def attributes(text):
    """The attributes of the dialect in a text, with their brackets."""
    for match in re.finditer(r"#conveinsum\.\w+<", text):
        depth, quoted = 1, False
        for place in range(match.end(), len(text)):
            quoted ^= text[place] == '"'
            if not quoted and not text.startswith("->", place - 1):
                depth += {"<": 1, ">": -1}.get(text[place], 0)
            if depth == 0:
                yield text[match.start():place + 1].replace("\n", " ")
                break


def bytecode_seeds(test):
    found = dict.fromkeys(attribute for _, module in modules(test)
                          for attribute in attributes(module))
    found |= dict.fromkeys(
        f'#conveinsum.eq<"{equation}" where [{where}]>' for equation, where in (
            ("bsh,tsh->bth|h", "h: i0 - i1 + 1 = 2 o"), ("h,h->|h", "h: i0 - i1 = o extent 6"),
            ("h,h,h->h|h", "h: i0 + 2 i1 - i2 = o (mod 8)"),
            ("bh,h->bh|h", "h: i0 - i1 = o extent n0 - 1"),
            ("bh,h->bh|h", "h: i0 - 2 i1 - 3 = 3 o feature 0")))
    draw = random.Random(1)
    for number, attribute in enumerate(found):
        yield f"attribute-{number}", attribute.encode()
        yield f"edited-{number}", attribute.encode() + b"\n" + bytes(
            (draw.randrange(8), draw.choice((0, 1, 2, 3, 127, 128, 255))))


def differential_seeds(_):
    draw = random.Random(1)
    for number in range(40):
        yield f"choices-{number}", bytes(draw.randrange(256) for _ in range(80))


def main():
    test, output = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    for name, seeds in (("equation", equation_seeds), ("case", case_seeds), ("npy", npy_seeds),
                        ("assembly", assembly_seeds), ("bytecode", bytecode_seeds),
                        ("differential", differential_seeds)):
        folder = output / name
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for seed, data in seeds(test):
            if len(data) <= MOST_BYTES:
                (folder / seed).write_bytes(data)


if __name__ == "__main__":
    main()
