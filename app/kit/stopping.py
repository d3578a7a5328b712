"""Whether this process was told to stop: whoever waits for news then answers at once."""


class Stopping:
    """Told once, and for good."""

    told = False


stopping = Stopping()
