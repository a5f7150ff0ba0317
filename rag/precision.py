"""In which numbers the model computes: bfloat16 where the processor has it, else float32.

bfloat16 halves the time where the processor multiplies it (AVX512-BF16, AMX, ARM's bf16), and is
slower than float32 elsewhere. Vectors of both are so close (cosine of 0.998 and more) that an index
may hold either and be asked in either: the fingerprint of an index does not name the precision.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

Precision = Literal["auto", "float32", "bfloat16"]
CPUINFO = Path("/proc/cpuinfo")
_FLAGS = re.compile(r"^(?:flags|Features)\s*:(.*)$", re.MULTILINE)
_BFLOAT16 = {"avx512_bf16", "amx_bf16", "bf16"}


def resolve(precision: Precision, cpuinfo: Path = CPUINFO) -> Literal["float32", "bfloat16"]:
    """Settle `auto`; where the processor cannot be asked (it is no Linux), it is float32."""
    if precision != "auto":
        return precision
    return "bfloat16" if _BFLOAT16 & _flags(cpuinfo) else "float32"


@cache
def _flags(cpuinfo: Path) -> frozenset[str]:
    try:
        found = _FLAGS.search(cpuinfo.read_text(encoding="utf-8"))
    except OSError:
        return frozenset()
    return frozenset(found[1].split()) if found else frozenset()
