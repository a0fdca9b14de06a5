"""What other libraries compute, by their documented formulas, in NumPy.

The names are theirs: `F` is torch.nn.functional, `lax` is jax.lax, `tf` is
TensorFlow, `keras` its layers. Only what docs/Words.md uses is here. Where
PyTorch is installed, `test_words` compares it with `F`.
"""

import itertools
import types

import numpy as np


def numbers(value, count):
    return (value,) * count if np.isscalar(value) else tuple(value)


def spread(x, steps, axes):
    """Puts steps - 1 zeros between neighbours along the axes."""
    shape = list(x.shape)
    for axis, step in zip(axes, steps):
        shape[axis] = (shape[axis] - 1) * step + 1
    result = np.zeros(shape, x.dtype)
    index = [slice(None)] * x.ndim
    for axis, step in zip(axes, steps):
        index[axis] = slice(None, None, step)
    result[tuple(index)] = x
    return result


def correlate(x, w, strides, pads, rhs_dilation, lhs_dilation, groups):
    """N C spatial by O I spatial, as lax.conv_general_dilated defines it."""
    axes = range(2, x.ndim)
    x = spread(x, lhs_dilation, axes)
    w = spread(w, rhs_dilation, axes)
    # Negative padding crops.
    x = np.pad(x, [(0, 0), (0, 0)] + [(max(low, 0), max(high, 0)) for low, high in pads])
    for axis, (low, high) in zip(axes, pads):
        x = np.take(x, range(max(-low, 0), x.shape[axis] - max(-high, 0)), axis)
    out = [(size - taps) // stride + 1 for size, taps, stride in zip(x.shape[2:], w.shape[2:], strides)]
    result = np.zeros((x.shape[0], w.shape[0], *out))
    inputs, outputs = x.shape[1] // groups, w.shape[0] // groups
    for position in itertools.product(*map(range, out)):
        window = (slice(p * stride, p * stride + taps) for p, stride, taps in zip(position, strides, w.shape[2:]))
        seen = x[(slice(None), slice(None), *window)]
        for group in range(groups):
            o = slice(group * outputs, (group + 1) * outputs)
            i = slice(group * inputs, (group + 1) * inputs)
            result[(slice(None), o, *position)] = np.tensordot(
                seen[:, i], w[o], (list(range(1, x.ndim)), list(range(1, w.ndim))))
    return result


def same_pads(sizes, taps, strides, dilations, lower=False):
    """TensorFlow: ceil(size / stride) results; the odd one at the end."""
    pads = []
    for size, k, stride, dilation in zip(sizes, taps, strides, dilations):
        total = max((-(-size // stride) - 1) * stride + dilation * (k - 1) + 1 - size, 0)
        pads.append((total - total // 2, total // 2) if lower else (total // 2, total - total // 2))
    return pads


# PyTorch ---------------------------------------------------------------------

def torch_conv(x, w, stride=1, padding=0, dilation=1, groups=1):
    count = x.ndim - 2
    stride, dilation = numbers(stride, count), numbers(dilation, count)
    if padding == "valid":
        padding = 0
    if padding == "same":
        assert set(stride) == {1}
        totals = [d * (k - 1) for d, k in zip(dilation, w.shape[2:])]
        pads = [(total // 2, total - total // 2) for total in totals]
    else:
        pads = [(p, p) for p in numbers(padding, count)]
    return correlate(x, w, stride, pads, dilation, (1,) * count, groups)


def torch_conv_transpose(x, w, stride=1, padding=0, output_padding=0, dilation=1):
    """Every entry of x writes its kernel; `padding` is cut off, w is I O spatial."""
    count = x.ndim - 2
    stride, padding, added, dilation = (numbers(value, count) for value in (stride, padding, output_padding, dilation))
    full = [(n - 1) * s + d * (k - 1) + 1 + a
            for n, s, d, k, a in zip(x.shape[2:], stride, dilation, w.shape[2:], added)]
    result = np.zeros((x.shape[0], w.shape[1], *full))
    for i in itertools.product(*map(range, x.shape[2:])):
        for k in itertools.product(*map(range, w.shape[2:])):
            position = tuple(a * s + b * d for a, s, b, d in zip(i, stride, k, dilation))
            result[(slice(None), slice(None), *position)] += (
                x[(slice(None), slice(None), *i)] @ w[(slice(None), slice(None), *k)])
    cut = (slice(p, size - p) for p, size in zip(padding, full))
    return result[(slice(None), slice(None), *cut)]


F = types.SimpleNamespace(
    conv1d=torch_conv, conv2d=torch_conv, conv3d=torch_conv,
    conv_transpose1d=torch_conv_transpose, conv_transpose2d=torch_conv_transpose, conv_transpose3d=torch_conv_transpose)


# JAX -------------------------------------------------------------------------

def axes_of(letters, order):
    return [letters.index(letter) for letter in order]


def conv_general_dilated(x, w, window_strides, padding, lhs_dilation=None, rhs_dilation=None, dimension_numbers=None,
                         feature_group_count=1):
    count = x.ndim - 2
    spatial = "DHW"[-count:]
    lhs, rhs, out = dimension_numbers or ("NC" + spatial, "OI" + spatial, "NC" + spatial)
    x, w = x.transpose(axes_of(lhs, "NC" + spatial)), w.transpose(axes_of(rhs, "OI" + spatial))
    lhs_dilation, rhs_dilation = lhs_dilation or (1,) * count, rhs_dilation or (1,) * count
    sizes = [(n - 1) * d + 1 for n, d in zip(x.shape[2:], lhs_dilation)]
    if padding == "VALID":
        padding = [(0, 0)] * count
    elif padding in ("SAME", "SAME_LOWER"):
        padding = same_pads(sizes, w.shape[2:], window_strides, rhs_dilation, padding == "SAME_LOWER")
    result = correlate(x, w, window_strides, padding, rhs_dilation, lhs_dilation, feature_group_count)
    return result.transpose(axes_of("NC" + spatial, out))


def lax_conv_transpose(x, w, strides, padding):
    """JAX without transpose_kernel: a correlation of the spread feature; channels last."""
    pads = []
    for k, s in zip(w.shape, strides):
        total = k + s - 2
        low = (k - 1 if s > k - 1 else -(-total // 2)) if padding == "SAME" else k - 1
        total += max(k - s, 0) if padding == "VALID" else 0
        pads.append((low, total - low))
    spatial = "DHW"[-len(strides):]
    numbers_ = (f"N{spatial}C", f"{spatial}IO", f"N{spatial}C")
    return conv_general_dilated(x, w, (1,) * len(strides), pads, lhs_dilation=strides, dimension_numbers=numbers_)


lax = types.SimpleNamespace(
    conv=lambda x, w, window_strides, padding: conv_general_dilated(x, w, window_strides, padding),
    conv_general_dilated=conv_general_dilated, conv_transpose=lax_conv_transpose)


# TensorFlow ------------------------------------------------------------------

def tf_conv(x, w, strides, padding, dilations=1):
    """Channels last, the kernel ends in I O."""
    count = x.ndim - 2
    spatial = "DHW"[-count:]
    return conv_general_dilated(x, w, numbers(strides, count), padding, rhs_dilation=numbers(dilations, count),
                                dimension_numbers=(f"N{spatial}C", f"{spatial}IO", f"N{spatial}C"))


def tf_depthwise(x, w, strides, padding):
    """The kernel ends in I and a multiplier."""
    channels = x.shape[-1]
    kernel = w.reshape(*w.shape[:2], 1, -1)
    return conv_general_dilated(x, kernel, strides[1:3], padding, dimension_numbers=("NHWC", "HWIO", "NHWC"),
                                feature_group_count=channels)


def tf_conv_transpose(x, w, output_shape, strides, padding):
    """The gradient of tf.nn.conv1d towards its input; the kernel ends in O I."""
    taps = w.shape[0]
    total = max((x.shape[1] - 1) * strides + taps - output_shape[1], 0) if padding == "SAME" else 0
    result = np.zeros((x.shape[0], output_shape[1], w.shape[1]))
    for i in range(x.shape[1]):
        for k in range(taps):
            o = i * strides + k - total // 2
            if 0 <= o < output_shape[1]:
                result[:, o] += x[:, i] @ w[k].T
    return result


tf = types.SimpleNamespace(nn=types.SimpleNamespace(
    conv1d=tf_conv, conv2d=tf_conv, conv3d=tf_conv, depthwise_conv2d=tf_depthwise, conv1d_transpose=tf_conv_transpose))


def keras_causal(x, w, strides=1, dilation_rate=1):
    """Conv1D(padding='causal'): dilation (k - 1) zeros at the start, then valid."""
    x = np.pad(x, [(0, 0), (dilation_rate * (w.shape[0] - 1), 0), (0, 0)])
    return tf_conv(x, w, strides, "VALID", dilation_rate)


keras = types.SimpleNamespace(causal_conv1d=keras_causal)
