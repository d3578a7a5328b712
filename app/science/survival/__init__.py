"""How long relief lasts in a clinic: curves of survival, their bands, and plain proportions."""
