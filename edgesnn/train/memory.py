"""Keeps freed memory for the next step: training frees and wants the same large tensors over and over."""

from __future__ import annotations

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # names of glibc's mallopt parameters
KEPT_BYTES = 1 << 30
LARGEST_MMAP_THRESHOLD = 32 << 20  # glibc refuses more


def keep_freed_memory() -> bool:
    """Tells glibc's allocator not to hand large freed blocks back to the system; whether it listened.

    Otherwise every step pays the page faults of every activation again. Does nothing where there is no glibc.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(TRIM_THRESHOLD, KEPT_BYTES)) and bool(mallopt(MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD))
