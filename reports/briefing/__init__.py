"""What the department reads and sends: a briefing on a group, a pack for an authority, a bulletin on the market.

Each is a `Document` made of the tables of one run; every figure in it has the id that it is traced by.
"""

from reports.briefing.bulletin import bulletin
from reports.briefing.group import briefing
from reports.briefing.subject import file_name, find_group, register_order
from reports.briefing.warning import warning_pack

__all__ = ["briefing", "bulletin", "file_name", "find_group", "register_order", "warning_pack"]
