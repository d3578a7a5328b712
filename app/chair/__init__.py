"""One session as it is at the chair: what to measure next, how it goes, whether they may go."""
