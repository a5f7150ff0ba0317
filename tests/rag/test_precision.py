"""Which numbers the model computes in, and that vectors of both kinds go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Encoder
from rag.precision import resolve
from tests.conftest import Library

X86 = "processor\t: 0\nflags\t\t: fpu sse2 avx2 avx512f {}\nbugs\t\t: spectre\n"
ARM = "processor\t: 0\nFeatures\t: fp asimd {} sha3\n"


@pytest.mark.parametrize(
    ("text", "flag", "wanted"),
    [
        (X86, "avx512_bf16", "bfloat16"),
        (X86, "amx_bf16 amx_tile", "bfloat16"),
        (X86, "avx512_fp16", "float32"),
        (X86, "", "float32"),
        (ARM, "bf16", "bfloat16"),
        (ARM, "asimdhp", "float32"),
        ("", "", "float32"),
    ],
)
def test_the_processor_is_asked(tmp_path: Path, text: str, flag: str, wanted: str) -> None:
    (tmp_path / "cpuinfo").write_text(text.format(flag))
    assert resolve("auto", tmp_path / "cpuinfo") == wanted
    assert resolve("float32", tmp_path / "cpuinfo") == "float32"
    assert resolve("bfloat16", tmp_path / "cpuinfo") == "bfloat16"


def test_where_the_processor_cannot_be_asked_it_is_float32(tmp_path: Path) -> None:
    assert resolve("auto", tmp_path / "none") == "float32"


def test_an_index_made_in_one_precision_is_read_in_another(library: Library) -> None:
    text = "The Zorblatt prize went to Mirela Quonset in Oslo."
    full, half = Encoder(precision="float32"), Encoder(precision="bfloat16")
    (one,), (other,) = full.encode([text]), half.encode([text])
    assert 0.998 < float(one.vector @ other.vector) < 0.999999
    assert half.digest == full.digest
    library.write("prize.md", text)
    library.reindex(encoder=half)
    assert library.assistant.ask("Who won the Zorblatt prize?").citations[0].quote == text
    library.write("ferry.md", "The Kelvane ferry sank near Bergen in March 2021.")
    assert library.reindex(encoder=full).added == ("ferry.md",)
