"""`python -m app.cli` is `afterglow`."""

from app.cli import main

if __name__ == "__main__":
    main()
