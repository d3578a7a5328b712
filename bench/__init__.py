"""What Afterglow's hot paths cost, against the least and against the usual: python -m bench."""
