"""What else the officers of owners run or ran: one request an officer, so only on demand."""

from functools import partial

from oversight.pipeline.calls import Outcome, make
from oversight.pipeline.collect import house_of, recorder_for
from oversight.pipeline.link import linked_companies
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody


def collect_appointments(workspace: Workspace, tell: Tell = tell_nobody) -> Outcome:
    """Fetch the appointments of everybody in post at the companies that owners are linked to.

    Raises:
        NotAuthorisedError: if the key is missing or refused.
        UnreachableError: if Companies House does not answer.
    """
    connections = workspace.settings.connections
    with recorder_for(workspace) as recorder:
        house = house_of(workspace, recorder)
        companies = {number: partial(house.officers, number) for number in linked_companies(workspace)}
        listed = make(companies, connections, "fetching officers", tell)
        calls = {name: partial(house.appointments, name) for name in house.officers_in_post(listed.held)}
        return make(calls, connections, "fetching appointments", tell)
