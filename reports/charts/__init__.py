"""Pictures of one run: each a title that says the finding, a drawing, words for who cannot see it, and its data."""

from reports.charts.bands import bands
from reports.charts.compared import peers
from reports.charts.concentration import concentration_curve
from reports.charts.drawing import Drawing
from reports.charts.maps import map_of_shares
from reports.charts.picture import Part, Picture
from reports.charts.replacement import replacement_map
from reports.charts.tree import ownership_tree
from reports.charts.worse import stress_by_scenario
from reports.charts.years import debt_by_year, margins_by_year

__all__ = [
    "Drawing",
    "Part",
    "Picture",
    "bands",
    "concentration_curve",
    "debt_by_year",
    "map_of_shares",
    "margins_by_year",
    "ownership_tree",
    "peers",
    "replacement_map",
    "stress_by_scenario",
]
