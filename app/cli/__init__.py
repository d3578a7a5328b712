"""The command line: `afterglow COMMAND`.

Standard output carries the answer alone; logs and refusals go to standard error. Each command's
module is imported when it is asked for, so that `relief` starts without a database driver.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module

from app.cli.parser import parser
from app.kit.failed import Failed

OK, WRONG, MISUSED, INTERRUPTED = 0, 1, 2, 130
"""What a shell sees: done, refused, asked wrongly, stopped by Ctrl-C."""


def main() -> None:
    """Run the command line, and exit."""
    # Being told to stop is the same whoever says it: what was begun is ended in order.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def run(argv: list[str]) -> int:
    """Run one command. What it refuses is one clear sentence on standard error."""
    args = parser().parse_args(argv)
    module, _, name = args.run.partition(":")
    try:
        command: Callable[..., int | None] = getattr(import_module(f"app.cli.{module}"), name)
        return command(args) or OK
    except Failed as refused:
        sys.stderr.write(f"afterglow: {refused}\n")
        return refused.code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # the last resort: whoever typed it gets a sentence, the log gets the rest
        logging.getLogger(__name__).exception("%s went wrong in a way that is a bug", argv[0])
        return WRONG
