"""The shape of the code in figures: lines of files and functions, parameters, tests beside code (``make shape``)."""

from __future__ import annotations

import ast
import re
from statistics import median, quantiles
from typing import TYPE_CHECKING

from tests.support.command import ROOT

if TYPE_CHECKING:
    from pathlib import Path

UNTYPED = re.compile(r"\btuple\[(?!\w+(?:\[\w+\])?, \.\.\.\])|\bdict\[str, Any\]")  # tuple[int, ...] is a sequence
CODE = ("crawler", "pipelines", "db")


def sources(folder: str) -> list[Path]:
    """Name the Python files of a folder."""
    return sorted((ROOT / folder).rglob("*.py"))


def lines(path: Path) -> int:
    """Count the lines of a file that are not empty."""
    return sum(bool(line.strip()) for line in path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Name the functions and methods of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def is_untyped(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a public function returns a bare tuple or a dict of Any, alone or as the items of a collection."""
    if function.name.startswith("_") or function.returns is None:
        return False
    return UNTYPED.search(ast.unparse(function.returns)) is not None


def main() -> None:
    """Print the figures."""
    files = [path for folder in CODE for path in sources(folder)]
    bodies = sorted(body_lines(function) for path in files for function in functions(path))
    sizes = sorted(map(lines, files))
    untyped = sum(is_untyped(function) for path in files for function in functions(path))
    tests = sum(map(lines, sources("tests")))
    print(f"files {len(files)}, lines p50 {median(sizes):.0f}, above 300: {sum(size > 300 for size in sizes)}")
    deciles = quantiles(bodies, n=10)
    print(f"functions {len(bodies)}, body lines p50 {median(bodies):.0f}, p90 {deciles[8]:.0f}, most {bodies[-1]}")
    print(f"functions that return a bare tuple or a dict of Any: {untyped}")
    print(f"lines of code {sum(sizes)}, of tests {tests}, tests per line of code {tests / sum(sizes):.2f}")


if __name__ == "__main__":
    main()
