"""Settings from the environment, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import InvalidInput, Settings, load_settings


def test_defaults_and_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings() == Settings()
    assert (load_settings().corpus_dir, load_settings().index_dir) == (
        Path("corpus"),
        Path(".citewell"),
    )
    monkeypatch.setenv("CITEWELL_CORPUS_DIR", "/articles")
    monkeypatch.setenv("CITEWELL_CANDIDATES", "7")
    assert load_settings().corpus_dir == Path("/articles")
    assert load_settings().candidates == 7


def test_a_mapping_is_given_as_json_and_kept_so_that_settings_can_be_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CITEWELL_RECORD_FIELDS", '{"text": "copy"}')
    given = load_settings(record_fields={"text": "copy"})
    assert load_settings() == given
    assert hash(load_settings()) == hash(given)
    assert given.record_fields == (("text", "copy"),)


def test_arguments_outrank_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_INDEX_DIR", "/one")
    assert load_settings(index_dir=Path("/two")).index_dir == Path("/two")
    assert load_settings(index_dir=None).index_dir == Path("/one")


def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_CORPUSDIR", "articles")
    with pytest.raises(InvalidInput, match=r"CITEWELL_CORPUSDIR.*CITEWELL_CORPUS_DIR"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CANDIDATES", "many"),
        ("CANDIDATES", "0"),
        ("LOCK_TIMEOUT", "-1"),
        ("RECORD_FIELDS", "text=story"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"CITEWELL_{name}", value)
    with pytest.raises(InvalidInput, match=name.lower()):
        load_settings()


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(InvalidInput, match="corpus_folder"):
        load_settings(corpus_folder="articles")
