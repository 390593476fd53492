"""What tests of the review desk need: a corpus of many pages, and coders who send what a browser would send."""

from __future__ import annotations

import asyncio
import html
import random
import re
from typing import TYPE_CHECKING, Any

from db.coding.team import Desk
from db.datasette.review.votes import votes_of
from db.datasette.serve import datasette_of
from tests.support.made_corpus import ABOUT, corpus_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from datasette.app import Datasette

ALONE = Desk(single="reader")
ROLES = {"anna": "reader", "ben": "reader", "judge": "adjudicator"}
PASSWORD = "long and dull"
# of PASSWORD, with one round where a real hash has half a million: tests sign in often
HASH = "pbkdf2_sha256$1$salt$6FamGR3ZQF/VSmwbMCwXbtkQ9nL05/SElvEM3z12RL8="
TEAM = Desk(roles=ROLES, hashes=dict.fromkeys(ROLES, HASH))


def many_pages(path: Path, pages: int = 4, **texts: str) -> None:
    """Make a corpus whose site has the home page, so many others on the topic, and the texts named."""
    about = {f"/page-{n}/": f"Ketamine page {n}\n{content_words(n)}" for n in range(pages)}
    with corpus_of(path, {"/": ABOUT, **about, **{f"/{name}/": text for name, text in texts.items()}}):
        pass


def content_words(seed: int, count: int = 60) -> str:
    """Make a text on the topic that shares no run of words with that of another seed, so that no family is found."""
    lot = random.Random(seed)
    words = ["ketamine", "clinic", "nurse", "infusion", "patient", "room", "dose", "evening", "doctor", "music", "bill"]
    return " ".join(["Ketamine at our clinic:", *(f"{lot.choice(words)} {lot.randrange(10**6)}" for _ in range(count))])


class Server:
    """A Datasette on a corpus in this process."""

    def __init__(self, path: Path, desk: Desk = ALONE) -> None:
        self.path = path
        self.datasette: Datasette = datasette_of(path, desk)

    def votes(self) -> list[dict[str, Any]]:
        """Give every row of the votes."""

        async def read() -> list[dict[str, Any]]:
            votes = await votes_of(self.datasette)
            return await votes.run(lambda db: [dict(row) for row in db.execute("SELECT * FROM votes ORDER BY id")])

        return asyncio.run(read())


class Reader:
    """Somebody at the desk with a browser's cookies; ``name`` signs in, without one nobody does."""

    def __init__(self, server: Server, name: str = "") -> None:
        self.datasette = server.datasette
        self.cookies = {"ds_actor": self.datasette.sign({"a": {"id": name}}, "actor")} if name else {}
        self.page = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page, and keep it as the one on the screen."""
        answer: httpx.Response = asyncio.run(
            self.datasette.client.get(path, cookies=self.cookies, headers=headers, follow_redirects=False)
        )
        self._keep(answer)
        return answer

    def post(self, path: str, fields: dict[str, Any], *, script: bool = True, **headers: str) -> httpx.Response:
        """Send a form as the desk's script does, or as a browser without scripts does."""
        sent = (
            ({"x-review": "1"} if script else {})
            | {"sec-fetch-site": "same-origin"}
            | {k.replace("_", "-"): v for k, v in headers.items()}
        )
        answer: httpx.Response = asyncio.run(
            self.datasette.client.post(path, data=fields, cookies=self.cookies, headers=sent, follow_redirects=False)
        )
        self._keep(answer)
        return answer

    def _keep(self, answer: httpx.Response) -> None:
        self.cookies |= {name: value for name, value in answer.cookies.items() if value}
        if answer.status_code == 200:
            self.page = answer.text

    def form(self, action: str, marked: str = "") -> dict[str, Any]:
        """Read the hidden fields of a form on the screen; ``marked`` stands in it."""
        for form in re.findall(rf'<form method="post" action="/-/review/{action}".*?</form>', self.page, re.DOTALL):
            if marked in form:
                found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
                return {name: html.unescape(value) for name, value in found}
        raise AssertionError(f"no form {action} {marked} on the screen")

    def open(self, **task: Any) -> str:
        """Open the desk; gives the words of the screen."""
        answer = self.get("/-/review/desk?" + "&".join(f"{name}={value}" for name, value in task.items()))
        assert answer.status_code == 200, answer.text
        return self.words()

    def vote(self, *values: str, **fields: Any) -> httpx.Response:
        """Give the values to what is asked on the screen."""
        return self.post("/-/review/vote", self.form("vote", "unit_type") | {"value": list(values)} | fields)

    def undo(self) -> httpx.Response:
        """Take the last decision back."""
        return self.post("/-/review/undo", self.form("undo"))

    def words(self) -> str:
        """Give the words of the screen, tags left out."""
        return " ".join(html.unescape(re.sub(r"(?s)<head>.*?</head>|<[^>]*>", " ", self.page)).split())

    def title(self) -> str:
        """Give the title of the document on the screen."""
        found = re.search(r"<h1>(.*?)</h1>", self.page)
        return html.unescape(found[1]) if found else ""


def team_file(folder: Path) -> Path:
    """Write the file of the team."""
    path = folder / "team.toml"
    path.write_text("".join(f'[coders.{n}]\nrole = "{r}"\npassword_hash = "{HASH}"\n' for n, r in ROLES.items()))
    return path


def drain(reader: Reader, decide: Callable[[str], str], limit: int = 500) -> int:
    """Answer what is asked until nothing is; gives the number of decisions."""
    for count in range(limit):
        if 'class="choices-of"' not in reader.page:
            return count
        answer = reader.vote(decide(reader.title()))
        assert answer.status_code == 200, answer.text
    raise AssertionError("the queue does not end")
