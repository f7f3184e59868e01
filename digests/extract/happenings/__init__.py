"""Happenings: who did what to whom, where and when; what is denied and what is only reported are told apart.

Doer and sufferer follow PropBank's numbered roles: what falls or dies is not a doer, who is told something is not what
is told, and a plan to build is built by whoever plans.
"""

from digests.extract.happenings.finding import find

__all__ = ["find"]
