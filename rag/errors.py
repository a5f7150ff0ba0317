"""Every error that Citewell raises on purpose.

CitewellError
├── CorpusMissing      nothing to index was found where it was looked for
├── IndexMissing       no index has been built yet
├── IndexMismatch      the index was built with another model, chunker or format
├── IndexDamaged       a file of the index is missing or does not read back
├── IndexBusy          another process is writing to the index
├── StorageFailed      a folder that has to be written to is full or read-only
├── ServerFailed       the Chroma server does not answer as it should
├── ClusterFailed      the Ray cluster cannot be reached, or its workers fail
├── ModelUnavailable   the embedding model could not be loaded
└── InvalidInput       a question, filter, setting or option that cannot be used

Each message says what happened and what to do about it; entry points print it as it stands.
"""


class CitewellError(Exception):
    """Base of all errors that a caller may want to catch."""


class CorpusMissing(CitewellError):
    """There is nothing to index at the given place."""


class IndexMissing(CitewellError):
    """No index exists at the given place."""


class IndexMismatch(CitewellError):
    """The index does not fit the settings in use."""


class IndexDamaged(CitewellError):
    """The index on disk is incomplete or unreadable."""


class IndexBusy(CitewellError):
    """Another process holds the index for writing."""


class StorageFailed(CitewellError):
    """The disk is full, or the folder may not be written to."""


class ServerFailed(CitewellError):
    """The Chroma server is down, slow, emptied, or not what it should be."""


class ClusterFailed(CitewellError):
    """Ray does not start, cannot be reached, or its workers fail."""


class ModelUnavailable(CitewellError):
    """The embedding model could not be loaded."""


class InvalidInput(CitewellError):
    """What the caller passed cannot be used."""
