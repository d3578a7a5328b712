"""Published and worked examples, read once."""

import json
from pathlib import Path

CASES = json.loads((Path(__file__).parents[2] / "cases" / "instruments.json").read_text("utf-8"))
