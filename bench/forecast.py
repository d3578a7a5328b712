"""python -m bench.forecast: how fast and how good the forecast is, on a simulated cohort."""

import os
from importlib import import_module

from app.cli.forecasting import THREADS

if __name__ == "__main__":
    # Before numpy is imported, or it would use every core.
    os.environ.update(dict.fromkeys(THREADS, "1"))
    import_module("bench.forecast_timing").main()
