"""`torch`: PyTorch, or None where it is not installed.

CONVEINSUM_TORCH names the folder that tools/torch.sh installs it into. It comes
behind the others, so that the NumPy of the tests stays.
"""

import os
import sys

sys.path += filter(None, [os.environ.get("CONVEINSUM_TORCH")])
try:
    import torch
except ImportError:
    torch = None
