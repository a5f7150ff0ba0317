"""Builds and publishes the index that `rag` answers from."""

from ingest.errors import Failure
from ingest.reindex import reindex
from ingest.report import IndexReport

__all__ = ["Failure", "IndexReport", "reindex"]
