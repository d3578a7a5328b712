"""Afterglow records ketamine treatment for depression and measures how long the relief lasts."""

import os

# Before numpy is loaded: its matrices are small, and threads of their own would starve requests
# and add in an order that changes the last bits.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
