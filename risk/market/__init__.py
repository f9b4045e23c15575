"""Markets by type of provision and area: who holds how much of each, how concentrated it is, and what changed."""

from risk.market.change import Markets, markets

__all__ = ["Markets", "markets"]
