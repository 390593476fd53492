"""Which module dresses which platform's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.chrome import divi, duda, elementor, handmade, squarespace, wix, wp_block, wp_classic

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.view import View

__all__ = ["dress"]

_DRESS: dict[str, Callable[[View], str]] = {
    "wp-block": wp_block.dress,
    "wp-classic": wp_classic.dress,
    "elementor": elementor.dress,
    "divi": divi.dress,
    "wix": wix.dress,
    "squarespace": squarespace.dress,
    "duda": duda.dress,
    "handmade": handmade.dress,
}


def dress(view: View) -> str:
    """Render a page as its site's platform does."""
    return _DRESS[view.scene.site.platform](view)
