"""The command `oversight`.

Exit codes: 0 done; 1 other error; 2 settings or usage; 3 bad input; 4 a source cannot be fetched;
5 a store cannot be used; 6 a repeated run differs; 7 a message was not delivered; 8 `status --check` found something
late or failed; 70 a defect; 130 interrupted.
"""

import sys
from typing import Annotated

import typer

from oversight.cli.console import errors
from oversight.cli.families import Families
from oversight.errors import OversightError
from oversight.logs import set_up_logs

_INTERRUPTED = 130
_DEFECT = 70

app = typer.Typer(
    name="oversight",
    help="Watches the finances of children's homes providers in England and proposes a risk register.",
    epilog=(
        "Everything is kept in OVERSIGHT_HOME (default ./oversight-data). Exit codes: 0 done, 2 settings or usage, "
        "3 bad input, 4 a source cannot be fetched, 5 a store cannot be used, 6 a repeated run differs, "
        "7 a message was not delivered, 8 status found something late or failed, 70 a defect, 130 interrupted."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
    cls=Families,
)


@app.callback()
def _start(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show routine log lines on stderr.")] = False,
) -> None:
    set_up_logs(verbose=verbose)


def main() -> None:
    """Run the command line; print errors with their place and next step, and leave with their exit code."""
    try:
        app()
    except OversightError as error:
        errors.print(f"Error: {error}", markup=False, style="red")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        errors.print("Interrupted. What was collected so far is kept; run the same command again to go on.")
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the roof: whatever falls through is shown as a defect
        errors.print(f"Defect: {error!r}\nWhat was collected is kept. Report this with the lines below.", markup=False)
        errors.print_exception()
        sys.exit(_DEFECT)
