"""The loops of ``onrecord serve`` that make messages of what is due and what is new; each look is given ``now``."""
