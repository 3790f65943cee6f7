"""`playout doctor`: is everything there that Playout needs?"""

import typer
from rich.console import Console
from rich.table import Table

from playout.cli.bootstrap import Bootstrap
from playout.cli.options import DataDir, Json
from playout.transcode.sandbox.tools import NO_SANDBOX


def doctor(context: typer.Context, data_dir: DataDir = None, as_json: Json = False) -> None:
    """Check every part that Playout needs, and change nothing. The exit status is 1 if it cannot
    run."""
    bootstrap: Bootstrap = context.obj()
    with bootstrap.inspect_runtime(bootstrap.load_settings(data_dir=data_dir)) as runtime:
        report = bootstrap.examine(runtime)
    console = Console()
    if as_json:
        console.print_json(data=report)
    else:
        table = Table("part", "state", "details")
        for name, facts in report["parts"].items():
            details = ", ".join(f"{key}: {value}" for key, value in facts.items() if key != "ok")
            table.add_row(name, "[green]ok[/]" if facts["ok"] else "[red]failed[/]", details)
        console.print(table)
        if report["parts"]["media"]["sandbox"] == "process":
            console.print(NO_SANDBOX, highlight=False, soft_wrap=True)
    if report["status"] == "down":
        raise typer.Exit(1)
