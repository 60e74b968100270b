"""`python -m themeline.cli`, which the script ./themeline runs."""

import sys

try:
    from themeline.cli.main import INTERRUPTED, run
except KeyboardInterrupt:  # Ctrl-C before the command line is loaded
    sys.exit(130)

if __name__ == "__main__":
    try:
        run()
    except KeyboardInterrupt:  # a second Ctrl-C, while the first is dealt with
        sys.exit(INTERRUPTED)
