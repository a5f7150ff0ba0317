"""Colours and fonts of the page, light and dark, as a Gradio theme; `page.css` refers to them."""

from __future__ import annotations

import gradio as gr

_LIGHT = {
    "body_background_fill": "#fbfaf6",
    "body_text_color": "#1f1c18",
    "body_text_color_subdued": "#69635a",
    "background_fill_primary": "#fffefb",
    "background_fill_secondary": "#f3f0e8",
    "border_color_primary": "#ddd7ca",
    "border_color_accent": "#8f2d22",
    "link_text_color": "#8f2d22",
    "link_text_color_hover": "#5f1b13",
    "button_primary_background_fill": "#2a2621",
    "button_primary_background_fill_hover": "#8f2d22",
    "button_primary_text_color": "#fffefb",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_hover": "#f3f0e8",
    "button_secondary_text_color": "#1f1c18",
    "input_background_fill": "#fffefb",
    "input_border_color": "#cfc8b9",
    "input_border_color_focus": "#8f2d22",
    "input_placeholder_color": "#7d766b",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
}
_DARK = {
    "body_background_fill": "#181715",
    "body_text_color": "#e9e5dc",
    "body_text_color_subdued": "#a8a195",
    "background_fill_primary": "#201e1b",
    "background_fill_secondary": "#2a2824",
    "border_color_primary": "#3a3731",
    "border_color_accent": "#f0a390",
    "link_text_color": "#f0a390",
    "link_text_color_hover": "#ffc9bb",
    "button_primary_background_fill": "#e9e5dc",
    "button_primary_background_fill_hover": "#f0a390",
    "button_primary_text_color": "#181715",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_hover": "#2a2824",
    "button_secondary_text_color": "#e9e5dc",
    "input_background_fill": "#201e1b",
    "input_border_color": "#4a463f",
    "input_border_color_focus": "#f0a390",
    "input_placeholder_color": "#958e82",
    "block_background_fill": "transparent",
}


def theme() -> gr.themes.Base:
    """Build the theme. It names system fonts only: Gradio would fetch others from the network."""
    sans = [gr.themes.Font(name) for name in ("system-ui", "sans-serif")]
    mono = [gr.themes.Font(name) for name in ("ui-monospace", "monospace")]
    base = gr.themes.Base(font=sans, font_mono=mono, text_size="md", radius_size="sm")
    return base.set(**_LIGHT, **{f"{name}_dark": value for name, value in _DARK.items()})
