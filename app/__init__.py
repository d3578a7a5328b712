"""Afterglow records ketamine treatment for depression and measures how long the relief lasts."""
