"""Writes the networks of a data file as IR, one function each, with the words
of their geometry.

usage: networks_to_mlir.py DATA.json
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    data = json.load(file)


def tensor(shape):
    return f"tensor<{''.join(f'{extent}x' for extent in shape)}f32>"


def words(key, value):
    if key == "feature_operand":
        return f"feature = i{value}"
    if key in ("in_size", "out_size"):
        return None  # to be checked: the types say both
    if key == "flip":
        return "flip" if value else None
    if key == "dilation" and isinstance(value, dict):
        value = [value[k] for k in sorted(value, key=int)]
    return f"{key} = {value}"


def where(conv_modes):
    entries = []
    for label, geometry in conv_modes.items():
        said = [word for word in (words(k, v) for k, v in geometry.items()) if word]
        if said:
            entries.append(f'"{label}": ' + ", ".join(said))
    return f" where [{', '.join(entries)}]" if entries else ""


for number, network in enumerate(data.get("cases") or data["networks"]):
    types = [tensor(shape) for shape in network["shapes"]]
    names = [f"%x{k}" for k in range(len(types))]
    result = tensor(network["out_shape"])
    arguments = ", ".join(f"{n}: {t}" for n, t in zip(names, types))
    print(f"func.func @n{number}({arguments}) -> {result} {{")
    print(f'  %y = conveinsum.einsum {json.dumps(network["expr"], ensure_ascii=False)}{where(network.get("conv_modes") or {})}')
    print(f"         ins({', '.join(names)} : {', '.join(types)}) : {result}")
    print(f"  return %y : {result}\n}}")
