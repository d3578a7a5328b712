"""Who did what: a row for each read and each write of a chart, in a chain that shows tampering."""
