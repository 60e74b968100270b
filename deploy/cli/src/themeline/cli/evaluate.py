"""`themeline evaluate`: scores the relation engine on labelled data."""

import click


@click.command("evaluate", short_help="Score the relation engine on labelled articles.")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE…")
@click.option("--pairs", is_flag=True, help="FILE… is ARTICLES SIMILARITIES: correlate with human judgements.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(files: tuple[str, ...], *, pairs: bool, as_json: bool) -> int:
    """Score the relation engine on labelled articles (JSON Lines with `story` and/or `theme`).

    For each file: retrieval and clustering, each measure with a 95 % interval.
    """
    from themeline.related.evaluate import main

    options = [*(["--pairs"] if pairs else []), *(["--json"] if as_json else [])]
    return main([*options, "--", *files])
