"""What Slack refuses about a chart block.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from collections.abc import Iterator
from typing import Any

KIND = "data_visualization"
MAX_CHARTS = 2
_MAX_TITLE, _MAX_SERIES, _MAX_POINTS, _MAX_LABEL = 50, 6, 20, 20
_KINDS = ("bar", "line", "area")


def chart_faults(block: dict[str, Any], at: str) -> Iterator[tuple[str, str]]:
    """What is wrong, and where; Slack leaves some limits unsaid, and of those the strictest known is kept."""
    title, chart = block.get("title"), block.get("chart")
    if not isinstance(title, str) or not 0 < len(title) <= _MAX_TITLE:
        yield f"must be a string of 1 to {_MAX_TITLE} characters", f"{at}/title"
    if not isinstance(chart, dict) or chart.get("type") not in _KINDS:
        yield f"must be a chart of type {', '.join(_KINDS)}", f"{at}/chart"
        return
    extra = set(chart) - {"type", "series", "axis_config"}
    if extra:
        yield f"additional properties not allowed: {sorted(extra)}", f"{at}/chart"
    yield from _series_faults(chart, f"{at}/chart")


def _series_faults(chart: dict[str, Any], at: str) -> Iterator[tuple[str, str]]:
    categories = (chart.get("axis_config") or {}).get("categories") or []
    if not 0 < len(categories) <= _MAX_POINTS or len(set(categories)) != len(categories):
        yield f"1 to {_MAX_POINTS} different categories are required", f"{at}/axis_config/categories"
    if any(not isinstance(label, str) or not 0 < len(label) <= _MAX_LABEL for label in categories):
        yield f"must be strings of 1 to {_MAX_LABEL} characters", f"{at}/axis_config/categories"
    series = chart.get("series") or []
    names = [one.get("name") for one in series]
    if not 0 < len(series) <= _MAX_SERIES or len(set(names)) != len(names) or not all(names):
        yield f"1 to {_MAX_SERIES} series with different names are required", f"{at}/series"
    for number, one in enumerate(series):
        labels = [point.get("label") for point in one.get("data") or ()]
        if labels != categories:
            yield "data points must match the categories", f"{at}/series/{number}/data"
        if any(isinstance(p.get("value"), bool) or not isinstance(p.get("value"), int | float) for p in one["data"]):
            yield "values must be numbers", f"{at}/series/{number}/data"
