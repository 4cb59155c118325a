"""The `bangban` command line. `--json` prints exactly one JSON object on standard output."""

from __future__ import annotations

import asyncio
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
    """Which item is meant by TEXT, against the shipped catalogue, and how the text was read."""
    matcher = bootstrap.shipped_matcher(settings.load())
    result, why = matcher.match(text), matcher.why(text)
    ranking = [r.as_dict() for r in result.ranking]
    if as_json:
        _print_json({"item_ranking": ranking, "item_decision": result.decision, "why": why})
        return
    click.echo(result.decision)
    for entry in ranking:
        click.echo(f"  {entry['confidence']:.2f}  {entry['code']}  {entry['name']}")
    click.echo(f"read as: {why['read_as']}" + "".join(f"  (not: {part})" for part in why["denied"]))
    if why["actions"]:
        click.echo(f"wanted: {', '.join(why['actions'])}")
    for word in why["words"]:
        click.echo(f"  {word['weight']:.2f}  {word['said']} → {' / '.join(word['official'])}")


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


@main.group()
def wechat() -> None:
    """The WeChat official account."""


@wechat.group()
def menu() -> None:
    """The account's menu (data/centre/wechat.yml)."""


@menu.command("push")
@click.option("--json", "as_json", is_flag=True)
def push_menu(as_json: bool) -> None:
    """Replace the account's menu."""
    from bot.gateway.wechat import console

    _tell([_account_work(console.push_menu(settings.load()))], as_json)


@wechat.command()
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Check the account from end to end: address, token, menu."""
    from bot.gateway.wechat import console

    _tell(_account_work(console.check(settings.load())), as_json)


def _account_work(work: Any) -> Any:
    from bot.domain.wechat_menu import BadMenu

    try:
        return asyncio.run(work)
    except (BadMenu, settings.SettingsError) as error:
        sys.exit(f"bangban: {error}")


def _tell(findings: Any, as_json: bool) -> None:
    """Lines or one object; exit code 1 when something is not as it should be."""
    if as_json:
        _print_json({"ok": all(f.ok for f in findings), "findings": [vars(f) for f in findings]})
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.ok else '✗'} {finding.name}: {finding.text}")
    sys.exit(0 if all(f.ok for f in findings) else 1)


def _report(figures: Any, as_json: bool) -> None:
    if as_json:
        _print_json(figures)
    else:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
