"""Tests; a package, so that the folders `tests/rag` and `tests/ingest` hide no package of ours."""
