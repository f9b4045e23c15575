"""Pictures of one run: each a title that says the finding, a drawing, words for who cannot see it, and its data."""

from reports.charts.concentration import concentration_curve
from reports.charts.maps import map_of_shares
from reports.charts.picture import Part, Picture
from reports.charts.replacement import replacement_map
from reports.charts.tree import ownership_tree

__all__ = ["Part", "Picture", "concentration_curve", "map_of_shares", "ownership_tree", "replacement_map"]
