"""Pictures for Slack: SVG drawn as PNG, with the one font that comes along."""

from pathlib import Path

import resvg_py

# Without a font of its own, text would silently be missing wherever the system has none.
_FONT = Path(__file__).parent / "fonts" / "Roboto-Regular.ttf"
_SHARP = 2.0  # twice the size, for the screens of phones


def png_of(svg: str) -> bytes:
    """The SVG as a PNG, at twice its size."""
    drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(_FONT)], zoom=_SHARP)
    return bytes(drawn)
