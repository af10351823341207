"""What this machine's processor can multiply."""

from __future__ import annotations

import torch


def multiplies_bfloat16() -> bool:
    """Whether there are instructions for bfloat16; where there are none, torch emulates it, ten times slower than
    float32. False where this torch does not tell."""
    told: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(has is True for name, has in told.items() if "bf16" in name)
