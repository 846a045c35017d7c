"""Charts: pure functions from the backend's data to Plotly figures.

A figure names the theme's colours as ``var(--st-name)``, with ``/percent`` for a translucent one; the browser
looks them up (``live_chart.js``), so that a figure is the same in light and in dark.
"""
