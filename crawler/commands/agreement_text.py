"""How agreement is printed: figures in, lines out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.coding.agreement import Interval
    from pipelines.coding.reliability import CodeAgreement


def agreement_text(measured: Sequence[CodeAgreement], round_: str) -> str:
    """Print the agreement of a round, a line a code; intervals are 95 % bootstrap intervals."""
    heading = f"{'code':<20}{'units':>6}{'agree':>8}  {'kappa':<22}{'alpha':<22}{'AC1':<22}"
    lines = [f"round {round_}", heading]
    for code in measured:
        figures = code.figures
        percent = "-" if figures.percent is None else f"{figures.percent:.1%}"
        columns = (
            coefficient_text(figures.kappa, figures.kappa_interval),
            coefficient_text(figures.alpha, figures.alpha_interval),
            coefficient_text(figures.ac1, figures.ac1_interval),
        )
        lines.append(f"{code.code:<20}{figures.units:>6}{percent:>8}  " + "".join(f"{text:<22}" for text in columns))
    note = "units: coded by two or more; in brackets the 95 % bootstrap interval; -: not defined"
    return "\n".join([*lines, note])


def coefficient_text(value: float | None, interval: Interval | None) -> str:
    """Print a coefficient with its interval; ``-`` where it is not defined.

    >>> coefficient_text(0.8125, None), coefficient_text(None, None)
    ('0.812', '-')
    """
    if value is None:
        return "-"
    return f"{value:.3f}" + (f" [{interval.low:.2f}, {interval.high:.2f}]" if interval else "")
