"""`themeline fit`: fits the scorer on a publisher's own labels."""

import click

from themeline.cli import __version__
from themeline.cli.options import encoder_option


@click.command("fit", short_help="Fit the scorer on labelled articles of your own.")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE…")
@click.option("--output", type=click.Path(), default=".", show_default=True, help="Folder for scorer.json, scorer.md.")
@click.option(
    "--folds", type=click.IntRange(2, 50), default=5, show_default=True, help="Parts of the cross-validation."
)
@encoder_option
@click.option("--ship", is_flag=True, hidden=True, help="Replace the shipped weights, and docs/model-card.md.")
def command(files: tuple[str, ...], output: str, folds: int, encoder: str | None, *, ship: bool) -> int:
    """Fit the scorer on labelled articles (JSON Lines with `story` and/or `theme`), and prove it.

    Writes scorer.json, which THEMELINE_SCORER makes the service use, and scorer.md, the model card: quality on labels
    that the scorer never saw, and whether its probabilities mean what they say.
    """
    from themeline.related.fit import main

    given = [f"--output={output}", f"--folds={folds}"]
    given += [f"--encoder={encoder}"] if encoder is not None else []
    given += ["--ship"] if ship else []
    return main([*given, "--", *files], __version__)
