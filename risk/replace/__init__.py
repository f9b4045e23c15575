"""If a group stopped tomorrow: places lost, places left within reach, and children who could not be placed."""


from risk.replace.stock import Stock, stock_of, together

__all__ = ["Stock", "stock_of", "together"]
