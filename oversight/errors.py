"""Every error the product raises on purpose, as one tree.

    OversightError                 exit code 1
    ├── SettingsError              exit code 2   a setting is missing, unknown or out of range
    ├── InputError                 exit code 3   a file or row is not what it should be
    │   ├── LayoutError                          a table's header is not recognised
    │   ├── HostileInputError                    a bomb, an external entity, a path trick
    │   └── AccountsError                        a set of accounts cannot be read
    ├── CollectError               exit code 4   a source cannot be fetched
    │   ├── NotAuthorisedError                   the key is missing, wrong or expired
    │   ├── UnreachableError                     no answer from the server
    │   └── RefusedError                         the server answers with an error
    ├── StoreError                 exit code 5   archive, ledger or run folder cannot be used
    ├── ReproductionError          exit code 6   a run was repeated and the bytes differ
    ├── DeliveryError              exit code 7   an alert cannot be handed to its channel
    └── SignInError                              somebody cannot be signed in; shown on a page, never a command's end
        └── ProviderError                        the provider of sign-in gives no answer that can be used

An error says what is wrong, where, and what to do next; the command line prints the three and
leaves with the class's exit code. Anything else that escapes is a defect and leaves with 70.
"""


class OversightError(Exception):
    """An error with a place and a next step.

    Args:
        message: what is wrong, one sentence.
        where: the file, sheet, row, URL or setting it was found at.
        next_step: what the user can do about it.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        parts = [self.message]
        if self.where:
            parts.append(f"Where: {self.where}")
        if self.next_step:
            parts.append(f"Next: {self.next_step}")
        return "\n".join(parts)


class SettingsError(OversightError):
    """A setting is missing, unknown or out of range."""

    exit_code = 2


class InputError(OversightError):
    """A file or a row is not what it should be."""

    exit_code = 3


class LayoutError(InputError):
    """A table's header is not recognised, so no row of it is loaded."""


class HostileInputError(InputError):
    """The input tries something: a bomb, an external entity, a path out of its folder."""


class AccountsError(InputError):
    """A set of accounts cannot be read."""


class CollectError(OversightError):
    """A source cannot be fetched."""

    exit_code = 4


class NotAuthorisedError(CollectError):
    """The key is missing, wrong or expired."""


class UnreachableError(CollectError):
    """No answer from the server."""


class RefusedError(CollectError):
    """The server answers, with an error."""


class StoreError(OversightError):
    """The archive, the ledger or a run folder cannot be used."""

    exit_code = 5


class ReproductionError(OversightError):
    """A run was repeated with the same evidence and parameters and its bytes differ."""

    exit_code = 6


class DeliveryError(OversightError):
    """An alert cannot be handed to its channel; it stays undelivered and is tried again."""

    exit_code = 7


class SignInError(OversightError):
    """What a provider of sign-in says of somebody does not hold, so they are not signed in."""


class ProviderError(SignInError):
    """The provider of sign-in gives no answer that can be used."""
