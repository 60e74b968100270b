"""`python -m themeline.cli`, which the script ./themeline runs."""

from themeline.cli.main import run

if __name__ == "__main__":
    run()
