"""A patient's timeline as one picture: SVG, drawn by pure functions from what others know."""
