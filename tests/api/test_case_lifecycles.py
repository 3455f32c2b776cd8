"""Cases that end in a payment or a document: every command in every state by every kind of caller, through the API.

What the table of their lifecycle lacks is refused and leaves no trace; what it has is not refused for the state.
"""

import pytest

from gateway.repositories.policies import policy_id
from tests.support.case_lives import LIVES
from tests.support.client import Answer, Gateway, new_key
from tests.support.escorts import change, row_counts
from tests.support.mutations import input_of
from tests.support.placed_cases import MACHINES, ROLES, SAME, Life, Placed

FOLLOWING = {("PREAUTH", "supersede"), ("GUARANTEE_LETTER", "supersede"), ("ADVANCE", "resettle")}
"""Steps that follow from what somebody does with another case: a revision, or the claim of an advance."""

PLACES = [(name, state, role) for name, life in LIVES.items() for state in life.states for role in ROLES]
BY_STATE = (
    *("present state", "not possible while", "An open appeal is", "has been decided"),
    *("does not wait for a signature", "an authorization in force takes"),
)
BRINGS_PAPERS = {"addDocuments", "sign", "supplement", "submitDocuments", "fileClaim"}
"""Commands whose papers are uploaded first, which leaves a trace of its own."""

BY_ANOTHER_COMMAND = {
    ("letter", "revoke", "CUSTOMER"),  # a letter goes with the authorization that they withdraw
    ("letter", "revoke", "VENDOR"),
    ("advance", "investigate", "STAFF"),  # the vendor's word comes with its review, the insurer's with its own
    ("advance that the insurer looks into", "investigate", "VENDOR"),
}


@pytest.fixture(scope="module")
def anywhere(gateway: Gateway) -> dict[str, Placed]:
    made = {name: life.make(gateway) for name, life in LIVES.items()}
    for placed in made.values():
        for table in ("preauths", "claims", "bills"):
            sql = f"update {table} set vendor_code = $2 where policy_id = $1"
            change(gateway, sql, policy_id(placed.number), placed.vendor)
    return made


def send(life: Life, placed: Placed, role: str, command: str, *, dry_run: bool) -> Answer:
    mutation, fields = life.calls[command]
    named = {life.names: placed.id} if life.names in input_of(mutation).fields else {}
    given = {"idempotencyKey": new_key()} | named | fields(placed)
    return placed.who(role, command, mutation).ask(
        f"mutation M($input: {input_of(mutation).name}!, $dryRun: Boolean!) "
        f"{{ {mutation}(input: $input, dryRun: $dryRun) {{ refusals {{ message rule {{ code }} }} }} }}",
        input=given,
        dryRun=dry_run,
    )


def outcome(answer: Answer) -> str:
    if "errors" in answer.body:
        return f"{answer.code} {answer.error['message']}"
    ((_, payload),) = answer.data.items()
    return "; ".join(refusal["message"] for refusal in payload["refusals"]) or "agreed"


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_what_the_lifecycle_lacks_is_refused_and_leaves_no_trace(
    gateway: Gateway, anywhere: dict[str, Placed], name: str, state: str, role: str
) -> None:
    life, placed = LIVES[name], anywhere[name]
    life.put(placed, state)
    before = row_counts(gateway)
    illegal = [command for command in life.calls if (state, command, role) not in life.legal]
    for command in illegal:
        answer = send(life, placed, role, command, dry_run=command in BRINGS_PAPERS)
        assert outcome(answer) != "agreed", command
        assert "errors" not in answer.body or answer.code in ("FORBIDDEN", "BAD_USER_INPUT"), (command, answer.error)
        if life.knows(command, role) and (name, command, role) not in BY_ANOTHER_COMMAND and "errors" in answer.body:
            assert any(words in answer.error["message"] for words in BY_STATE), (command, answer.error)
    if not BRINGS_PAPERS & set(illegal):
        assert row_counts(gateway) == before
    assert life.state_of(placed) == state


@pytest.mark.parametrize(("name", "state", "role"), PLACES)
def test_what_the_lifecycle_has_is_not_refused_for_state_or_caller(
    anywhere: dict[str, Placed], name: str, state: str, role: str
) -> None:
    life, placed = LIVES[name], anywhere[name]
    life.put(placed, state)
    for command in life.calls:
        if (state, command, role) in life.legal and (name, command, role) not in BY_ANOTHER_COMMAND:
            answer = send(life, placed, role, command, dry_run=True)
            assert "errors" not in answer.body or answer.code == "BAD_USER_INPUT", (command, answer.error)
            assert not any(words in outcome(answer) for words in BY_STATE), command


def test_every_command_that_somebody_sends_is_tried() -> None:
    tried = {(life.machine, command) for life in LIVES.values() for command in life.calls}
    machines = {life.machine for life in LIVES.values()}
    sent = {
        (machine, SAME.get((machine, edge.command), edge.command))
        for machine in machines
        for edge in MACHINES[machine]
        if list(edge.before) != [""] and set(edge.by) & set(ROLES)
    }
    assert sent - tried == FOLLOWING
