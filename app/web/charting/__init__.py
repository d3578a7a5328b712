"""Forms to add to a chart and to correct what is in it, and the page of each record."""
