"""The practice environment: Ukeys on SoftHSM that a user may plug, unplug and lock without any risk.

Importing it is light: `ensure` runs at every start of the program in practice.
"""

from xieka_demo.faults import PinState
from xieka_demo.service import Demo, DemoUkey, ensure, existing

__all__ = ["Demo", "DemoUkey", "PinState", "ensure", "existing"]
