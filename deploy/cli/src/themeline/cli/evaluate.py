"""`themeline evaluate`: scores the relation engine on labelled data."""

import click

from themeline.cli.options import encoder_option


@click.command("evaluate", short_help="Score the relation engine on labelled articles.")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE…")
@click.option("--pairs", is_flag=True, help="FILE… is ARTICLES SIMILARITIES: correlate with human judgements.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@encoder_option
@click.option(
    "--scorer", type=click.Path(), envvar="THEMELINE_SCORER", help="A scorer.json of `fit` instead of the shipped one."
)
@click.option("--no-baselines", is_flag=True, help="The engine alone: quicker.")
@click.option("--candidates", is_flag=True, help="Also how many true pairs reach the scorer at all.")
@click.option("--shuffles", type=click.IntRange(0, 100), default=0, help="Also compare this many orders of arrival.")
def command(
    files: tuple[str, ...],
    encoder: str | None,
    scorer: str | None,
    shuffles: int,
    *,
    pairs: bool,
    as_json: bool,
    no_baselines: bool,
    candidates: bool,
) -> int:
    """Score the relation engine on labelled articles (JSON Lines with `story` and/or `theme`).

    For each file: retrieval and clustering of the engine and of four baselines, each measure with a 95 % interval.
    """
    from themeline.related.evaluate import main

    flags = {"--pairs": pairs, "--json": as_json, "--no-baselines": no_baselines, "--candidates": candidates}
    values = {"--encoder": encoder, "--scorer": scorer, "--shuffles": shuffles or None}
    given = [name for name, is_set in flags.items() if is_set]
    given += [f"{name}={value}" for name, value in values.items() if value is not None]
    return main([*given, "--", *files])
