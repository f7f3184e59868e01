"""Commitments: who promises, threatens, demands or offers what, to whom, under which condition.

Two roads lead to one: a verb that says so ("threatened to strike"), and a modal in somebody's mouth ("said it will use
force unless ..."). Plans, forecasts, denials and past acts are left out.
"""

from digests.extract.commitments.finding import find

__all__ = ["find"]
