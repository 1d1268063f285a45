"""The command ``bri-kg``: errors become one sentence on standard error and an exit code."""

from __future__ import annotations

import os
import sys

from .errors import BriKgError, printable

__all__ = ["main"]


def main() -> None:
    """Run the command line: exit code 0 success, 1 check failed, 2 wrong usage, 3 query error, 4 limit reached, 5 endpoint failed."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = sys.argv[1:]
    code = 0
    try:
        if arguments[:1] == ["ask"] and not {"--help", "-h"} & set(arguments):
            from .commands.asking import run

            run(arguments[1:])
        else:
            from .commands.cli import run_command

            code = run_command()
        sys.stdout.flush()
    except BriKgError as error:
        print(f"bri-kg: {printable(str(error))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
