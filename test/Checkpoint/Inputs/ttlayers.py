"""Prints a function of LAYERS linear layers whose weights are four tensor-train
cores, the network ttlinear4 of test/data/networks.json, and tanh between them.

usage: ttlayers.py LAYERS
"""

import sys

layers = int(sys.argv[1])
CORES = [(4, 4, 16), (16, 8, 8, 16), (16, 8, 8, 16), (16, 4, 4)]


def tensor(shape):
    return f"tensor<{'x'.join(map(str, shape))}xf32>"


ACTIVATION = tensor((512, 4, 8, 8, 4))
arguments, body, value = [f"%x: {ACTIVATION}"], [], "%x"
for layer in range(layers):
    names = [f"%w{layer}{k}" for k in range(4)]
    arguments += [f"{name}: {tensor(core)} {{conveinsum.gradient}}" for name, core in zip(names, CORES)]
    types = ", ".join([ACTIVATION, *map(tensor, CORES)])
    body.append(f'%h{layer} = conveinsum.einsum "bxyzo,xui,iyvj,jzck,kod->buvcd" '
                f"ins({', '.join([value, *names])} : {types}) : {ACTIVATION}")
    value = f"%h{layer}"
    if layer + 1 < layers:
        body.append(f"%a{layer} = math.tanh {value} : {ACTIVATION}")
        value = f"%a{layer}"
print(f"func.func @net({', '.join(arguments)}) -> {ACTIVATION} {{")
print("\n".join("  " + line for line in body))
print(f"  return {value} : {ACTIVATION}\n}}")
