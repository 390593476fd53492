"""Opens a corpus for people to read: Datasette with our pages, in this process."""

from __future__ import annotations

import contextlib
import errno
import importlib.util
import json
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.coding.team import CLOSED, Desk
from db.coding.votes_file import desk_secret, voting
from db.corpus.connection import reading
from db.schema.shape import VIEWS
from pipelines.model.errors import CorpusError, UsageError

if TYPE_CHECKING:
    from datasette.app import Datasette

HERE = Path(__file__).parent
NEEDED = frozenset(
    {"sites", "pages", "captures", "captured_versions", "documents", "versions_fts", "topic_overrides", *VIEWS}
)


def serve(path: Path, host: str = "127.0.0.1", port: int = 8001, desk: Desk = CLOSED) -> None:
    """Serve a corpus until interrupted; port 0 takes a free one.

    Raises :class:`CorpusError` for a missing file, one that is no corpus of this release, and a port in use. The
    file is opened read-only and never as immutable: crawls may go on while people read. ``desk`` says who may code;
    votes go to the file of their own beside the corpus, which Datasette does not open.
    """
    import uvicorn  # noqa: PLC0415 - Datasette and its server take half a second that no other command should pay

    from db.datasette.limits import limit_process  # noqa: PLC0415 - as above

    check_corpus(path)
    listening = listen(host, port)
    app = datasette_of(path, desk).app()
    limit_process()
    sys.stdout.write(f"{path} is open at {address_of(listening, host)} (Ctrl+C ends)\n")
    sys.stdout.flush()
    config = uvicorn.Config(app, log_level="warning", lifespan="on", server_header=False)
    with contextlib.suppress(KeyboardInterrupt):  # how a server of this kind ends
        uvicorn.Server(config).run(sockets=[listening])


def datasette_of(path: Path, desk: Desk = CLOSED) -> Datasette:
    """Make the Datasette that shows a corpus, as ``serve`` and the tests use it."""
    from datasette.app import Datasette  # noqa: PLC0415 - as above

    return Datasette([str(path)], **arguments(path.stem, desk), secret=_secret(path, desk) if desk != CLOSED else None)


def _secret(path: Path, desk: Desk) -> str | None:
    """Give the secret that signs cookies and forms, so that a server that was started again knows them still."""
    if desk.roles and importlib.util.find_spec("datasette_auth_passwords") is None:
        raise UsageError("a team signs in with passwords, which needs: pip install 'clinicwatch[team]'")
    try:
        with voting(path) as review:
            return desk_secret(review)
    except CorpusError:
        if desk.roles:
            raise
        return None  # one person may read a corpus that lies where nothing can be written


def plugins_for(desk: Desk) -> dict[str, Any]:
    """Give the settings of the desk and of the login; hashes go through the environment, which no page shows."""
    if not desk.roles:
        return {"clinicwatch-review": {"single": desk.single, "round": desk.round}}
    passwords: dict[str, Any] = {"actors": {name: {"id": name} for name in desk.roles}}
    for number, (name, value) in enumerate(sorted(desk.hashes.items())):
        os.environ[f"CLINICWATCH_CODER_{number}"] = value
        passwords[f"{name}_password_hash"] = {"$env": f"CLINICWATCH_CODER_{number}"}
    return {
        "clinicwatch-review": {"roles": dict(desk.roles), "round": desk.round},
        "datasette-auth-passwords": passwords,
    }


def arguments(name: str, desk: Desk = CLOSED) -> dict[str, Any]:
    """Give what Datasette is told of a corpus whose file has this name."""
    metadata = json.loads((HERE / "metadata.json").read_text(encoding="utf-8"))
    metadata["databases"] = {name: metadata["databases"]["corpus"]}
    metadata["plugins"] = plugins_for(desk)
    return {
        "metadata": metadata,
        "settings": json.loads((HERE / "settings.json").read_text(encoding="utf-8")),
        "plugins_dir": str(HERE / "plugins"),
        "template_dir": str(HERE / "templates"),
        "static_mounts": [("assets", str(HERE / "static"))],
    }


def check_corpus(path: Path) -> None:
    """Raise :class:`CorpusError` where a file cannot be shown: missing, not a corpus, of a newer release."""
    if path.is_file() and set(str(path)) & set("?#%"):
        raise CorpusError(f"{path}: Datasette opens no file with ?, # or % in its path; move or rename it")
    with reading(path) as corpus:
        names = {name for (name,) in corpus.execute("SELECT name FROM sqlite_master")}
    if missing := sorted(NEEDED - names):
        raise CorpusError(f"{path}: {missing[0]} is missing; one `clinicwatch crawl` brings the corpus up to date")


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is loaded, so that a port in use is one clear line."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, OverflowError) as error:
        listening.close()
        raise CorpusError(f"{host}:{port}: {_refused(error)}") from error
    return listening


def _refused(error: Exception) -> str:
    kind = getattr(error, "errno", None)
    if kind == errno.EADDRINUSE:
        return "the port is in use, perhaps by another `clinicwatch serve`; --port names another"
    if kind == errno.EACCES:
        return "the port may not be used; choose one above 1023 with --port"
    return f"cannot listen there ({getattr(error, 'strerror', None) or error}); check --host and --port"


def address_of(listening: socket.socket, host: str) -> str:
    """Say where a browser finds the server."""
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{listening.getsockname()[1]}/"
