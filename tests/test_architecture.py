"""The rules that the code as a whole keeps: who imports whom, what is public, no network."""

from __future__ import annotations

import ast
import graphlib
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import ingest
import rag
import ui
from tests.conftest import ROOT

PACKAGES = (rag, ingest, ui)
MAY_IMPORT = {"rag": {"rag"}, "ingest": {"ingest", "rag"}, "ui": {"ui", "ingest", "rag"}}
# What a module needs for itself only: `from __future__` and `typing` leave these names behind.
NOT_OURS = {"annotations", "TYPE_CHECKING"}

# Refuses and notes down every attempt to leave this computer, below Python's socket module.
NO_NETWORK = """\
import os, sys

def refuse(event, arguments):
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else "localhost"
    else:
        return
    if host not in (None, "localhost", "127.0.0.1", "::1"):
        with open(os.environ["ATTEMPTS"], "a") as log:
            log.write(f"{event} {host}\\n")
        raise OSError(f"no network in tests: {event} {host}")

sys.addaudithook(refuse)
"""


def modules() -> dict[str, Path]:
    """All our modules by name; a package goes by its own name."""
    found: dict[str, Path] = {}
    for package in MAY_IMPORT:
        for file in (ROOT / package).rglob("*.py"):
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(part for part in parts if part != "__init__")] = file
    return found


def statements(node: ast.AST, *, on_import: bool) -> Iterator[ast.AST]:
    """Walk a module; with `on_import`, only what runs when it is imported."""
    for child in ast.iter_child_nodes(node):
        typing_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        deferred = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) or typing_only
        if not (on_import and deferred):
            yield child
            yield from statements(child, on_import=on_import)


def imports(file: Path, *, on_import: bool) -> set[str]:
    """Names of the modules of ours that a file imports."""
    ours, found = modules(), set()
    for node in statements(ast.parse(file.read_text(encoding="utf-8")), on_import=on_import):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import; write the package's name"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {name if name in ours else str(node.module) for name in names}
    return {name for name in found if name in ours}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    for name, file in modules().items():
        if name.split(".")[0] == package:
            reached = {target.split(".")[0] for target in imports(file, on_import=False)}
            assert reached <= MAY_IMPORT[package], f"{file} imports {reached}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: imports(file, on_import=True) for name, file in modules().items()}
    assert "rag.snapshot" in graph["rag.retrieval"], "the imports were not read"
    tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_the_public_surface_is_what_can_be_imported(package: ModuleType) -> None:
    for name in package.__all__:
        getattr(package, name)  # some are imported when they are asked for
    importable = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert package.__all__ == sorted(package.__all__)
    assert set(package.__all__) == importable - NOT_OURS


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_all_that_is_public_is_documented(package: ModuleType) -> None:
    assert package.__doc__
    for name in package.__all__:
        thing = getattr(package, name)
        # A dataclass without a docstring gets its signature as one.
        assert thing.__doc__ and not thing.__doc__.startswith(f"{name}("), name
        members = vars(thing).items() if inspect.isclass(thing) else []
        for member, value in members:
            if inspect.isfunction(value) and not member.startswith("_"):
                assert value.__doc__, f"{name}.{member}"


def test_importing_the_packages_loads_nothing_large() -> None:
    check = (
        "import sys, rag, ingest, ui\n"
        "large = {'torch', 'transformers', 'sentence_transformers', 'gradio'}\n"
        "print((large | {'httpx', 'feedparser'}) & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stderr


@pytest.fixture
def offline(tmp_path: Path) -> dict[str, str]:
    """An environment in which Python programs cannot reach the network, and say if they tried."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    (tmp_path / "attempts").touch()
    # Without what this process may have set: the programs must be offline by themselves.
    outside = ("CITEWELL_", "HF_", "TRANSFORMERS_")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(outside)}
    return environment | {
        "PYTHONPATH": str(tmp_path / "site"),
        "ATTEMPTS": str(tmp_path / "attempts"),
        "CITEWELL_CORPUS_DIR": str(tmp_path / "corpus"),
        "CITEWELL_INDEX_DIR": str(tmp_path / "index"),
    }


def run_python(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program of ours as a user does."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_indexing_and_asking_never_reach_the_network(
    tmp_path: Path, offline: dict[str, str]
) -> None:
    (tmp_path / "corpus").mkdir()
    article = "# Lighthouse prize\n\nThe Zorblatt prize went to Mirela Quonset in Oslo."
    (tmp_path / "corpus" / "prize.md").write_text(article, encoding="utf-8")
    indexed = run_python("-m", "ingest", "--json", environment=offline)
    assert indexed.returncode == 0, indexed.stderr
    assert json.loads(indexed.stdout)["added"] == 1
    asked = run_python("-m", "rag", "Who won the Zorblatt prize?", "--json", environment=offline)
    assert asked.returncode == 0, asked.stderr
    assert "Mirela Quonset" in json.loads(asked.stdout)["text"]
    assert (tmp_path / "attempts").read_text() == ""


def test_the_network_guard_notices_attempts(tmp_path: Path, offline: dict[str, str]) -> None:
    connect = "import socket; socket.create_connection(('192.0.2.1', 9), timeout=0.1)"
    resolve = "import urllib.request; urllib.request.urlopen('https://example.org')"
    for program in (connect, resolve):
        assert run_python("-c", program, environment=offline).returncode == 1
    attempts = (tmp_path / "attempts").read_text()
    assert "192.0.2.1" in attempts and "example.org" in attempts
