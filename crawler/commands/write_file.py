"""Write a file of lines whole or not at all."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from pipelines.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write_file(path: Path, lines: Iterable[str], *, force: bool) -> None:
    """Write lines to a file; a power cut leaves the old file or the new one, never half of it.

    Raises :class:`UsageError` where the file is there and is not to be replaced, or cannot be written.
    """
    if path.exists() and not force:
        raise UsageError(f"{path}: exists already; name another file, or replace it with --force")
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name another file") from error
