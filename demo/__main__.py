"""``python -m demo serve|truth|sites``: run the demo web, print its truth, print its seeds file."""

from __future__ import annotations

import argparse
import asyncio
import sys

from demo.proxy import Shop, serve
from demo.report import seeds_csv, truth_json
from demo.world import World, make_world


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and do as it says."""
    options = _parser().parse_args(arguments)
    world = make_world(options.seed, options.pages, single=options.single)
    if options.command == "serve":
        _serve(world, options)
    else:
        sys.stdout.write(truth_json(world, range(options.ticks)) if options.command == "truth" else seeds_csv(world))


def _serve(world: World, options: argparse.Namespace) -> None:
    shop = Shop(world, options.tick)
    if options.prerender:
        shop.prerender()
    asyncio.run(serve(shop, options.port))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("command", choices=("serve", "truth", "sites"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--single", action="store_true", help="one large clinic instead of the standard sites")
    parser.add_argument("--tick", type=int, default=0)
    parser.add_argument("--ticks", type=int, default=4, help="how many ticks the truth tells")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--prerender", action="store_true", help="render all pages before listening")
    return parser


if __name__ == "__main__":
    main()
