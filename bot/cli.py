"""The `bangban` command line. `--json` prints exactly one JSON object on standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Optional

import click

from bot import bootstrap, settings


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group()
def main() -> None:
    """Bangban 帮办: tools for editors and operators."""


@main.group()
def catalog() -> None:
    """The item catalogue."""


@catalog.command()
@click.option("--json", "as_json", is_flag=True, help="one JSON object instead of lines")
def lint(as_json: bool) -> None:
    """Check the catalogue files: completeness, sources, circumstances, numbers."""
    findings = bootstrap.lint_catalogue(settings.load())
    if as_json:
        _print_json({"findings": [vars(f) for f in findings], "n": len(findings)})
    else:
        for finding in findings:
            click.echo(f"{finding.level} {finding.code} {finding.path}: {finding.text}")
        click.echo(f"catalogue: {len(findings)} findings")
    sys.exit(1 if findings else 0)


@main.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True)
def match(text: str, as_json: bool) -> None:
    """Which item is meant by TEXT, against the shipped catalogue."""
    result = bootstrap.shipped_matcher(settings.load()).match(text)
    ranking = [r.as_dict() for r in result.ranking]
    if as_json:
        _print_json({"item_ranking": ranking, "item_decision": result.decision})
        return
    click.echo(result.decision)
    for entry in ranking:
        click.echo(f"  {entry['confidence']:.2f}  {entry['code']}  {entry['name']}")


@main.command("eval-match")
@click.option("--catalog", "catalogue", required=True, help="`shipped`, or a .jsonl of items")
@click.option("--queries", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def eval_match(catalogue: str, queries: Path, as_json: bool) -> None:
    """Measure item finding on questions {"q", "gold", "kind"}."""
    from bot.matching.evaluate import evaluate

    _report(evaluate(catalogue, queries), as_json)


@main.command("eval-intents")
@click.option("--queries", required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--model", type=click.Path(exists=True, path_type=Path), default=None)
@click.option("--json", "as_json", is_flag=True)
def eval_intents(queries: Path, model: Optional[Path], as_json: bool) -> None:
    """Measure intents on questions {"q", "expect"}."""
    from bot.nlu.eval_intents import evaluate
    from bot.processes.model import ensure_model

    _report(evaluate(queries, model or ensure_model()), as_json)


def _report(figures: Any, as_json: bool) -> None:
    if as_json:
        _print_json(figures)
    else:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
