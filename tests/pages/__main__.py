"""``python -m tests.pages [CASE ...] [--write]``: print what is read otherwise than expected, and write it down."""

from __future__ import annotations

import argparse
import json
import sys

from tests.pages import CASES, FIELDS, FOLDER, expected, read_case


def main() -> int:
    """Compare the cases that are named, or all; with 1 where one differs and was not written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"one of {', '.join(CASES)}; all if none is named")
    parser.add_argument("--write", action="store_true", help="write expected.json anew")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.cases) - set(CASES)):
        parser.error(f"no case {unknown[0]!r}; make {FOLDER / unknown[0]}/case.toml and input.html first")
    differing = 0
    for case in arguments.cases or CASES:
        values, wanted = read_case(case), expected(case)
        for field in FIELDS:
            if field not in wanted or values[field] != wanted[field]:
                differing += 1
                print(f"{case}: {field}: {wanted.get(field)!r} -> {values[field]!r}")
        if arguments.write:
            text = json.dumps(values, ensure_ascii=False, indent=1)
            (FOLDER / case / "expected.json").write_text(f"{text}\n", encoding="utf-8")
    return int(differing > 0 and not arguments.write)


if __name__ == "__main__":
    sys.exit(main())
