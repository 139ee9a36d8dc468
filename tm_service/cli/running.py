"""Running the house: web page, migrations, demo."""

from collections.abc import Callable

import click

from tm_service.cli.jobs import MOST_THREADS, working
from tm_service.cli.output import DONE, Answer, answering, show
from tm_service.cli.root import main, service, settings
from tm_service.cli.starting import started
from tm_service.operation import Operation
from tm_service.service import Service


@main.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=int, help="Port to listen on.")
@click.option("--allow-host", "hosts", multiple=True, help="A name the page is asked for under; may be repeated.")
@click.option("--workers", type=click.IntRange(0, MOST_THREADS), default=1, help="Jobs done here at once; default: 1.")
@answering
def serve(host: str, port: int, hosts: tuple[str, ...], workers: int) -> None:
    """Open the web page, and do what is asked for by jobs."""
    operation, house = started("serve").operation, service()
    start_page(house, host, port, lambda address: show({"served": address}, ""), operation, workers, hosts)


def start_page(
    house: Service,
    host: str,
    port: int,
    ready: Callable[[str], None],
    operation: Operation,
    workers: int = 1,
    hosts: tuple[str, ...] = (),
) -> None:
    """The page, and so many threads that do what is asked for there, until the process is told to end."""
    from tm_service.web.server import run  # noqa: PLC0415 - the web is only loaded where it is served

    def tell(address: str) -> None:
        ready(address)
        click.echo(f"The page is at {address}; Ctrl-C ends it.", err=True)

    with working(house, workers, operation.grace) as ending:
        run(house, host=host, port=port, hosts=hosts, ready=tell, operation=operation, told=ending.told)


@main.command()
@answering
def migrate() -> Answer:
    """Bring the database to the newest version."""
    service()
    return {"migrated": True}, "The database is at the newest version.", DONE


@main.command()
@click.option("--serve/--no-serve", "serves", default=True, help="Leave the web page up at the end.")
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=8000, type=int, help="Port to listen on.")
@answering
def demo(serves: bool, host: str, port: int) -> Answer | None:
    """Set up an example site, walk the whole loop, open its page."""
    from tm_service.cli.tour import tour  # noqa: PLC0415 - only the demo needs it

    known = settings()
    house, document, text = tour(known, say=lambda line: click.echo(line, err=True))
    if not serves:
        return document, text, DONE
    start_page(house, host, port, lambda address: show(document | {"served": address}, text), known.operation)
    return None
