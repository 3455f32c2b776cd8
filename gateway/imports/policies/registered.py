"""Policies that are registered already: the same ones stay as they are, others are a problem."""

from typing import Any

from gateway.auth.personal import PersonalVault
from gateway.imports.lines import Problem
from gateway.imports.policies.findings import Tally
from gateway.repositories.policies import PolicyDraft, policy_id

REGISTERED = """
select number, product_code, plan_code, lower(cover) as effective_on,
  array(select id_number_hash from policy_members as member
        where member.policy_id = policies.policy_id and role = 'INSURED') as insured
from policies where policy_id = any($1::uuid[])
"""


async def not_registered(
    connection: Any, drafts: list[PolicyDraft], vault: PersonalVault, done: Tally
) -> list[PolicyDraft]:
    """Those that are new. Of the others, one that is the same is passed over, and one that is not is a problem."""
    rows = await connection.fetch(REGISTERED, [policy_id(draft.number) for draft in drafts])
    registered = {row["number"]: row for row in rows}
    for draft in drafts:
        row = registered.get(draft.number)
        if row is None:
            continue
        if (draft.product, draft.plan, draft.effective_on) != (
            row["product_code"],
            row["plan_code"],
            row["effective_on"],
        ):
            done.problems.append(taken(draft, done))
        elif not _has_same_insured(set(row["insured"]), draft, vault):
            line = done.first_lines[draft.number]
            done.warnings.append(f"line {line}: {draft.number} is registered with other insured, and stays as it is")
    return [draft for draft in drafts if draft.number not in registered]


def _has_same_insured(hashes: set[bytes], draft: PolicyDraft, vault: PersonalVault) -> bool:
    """While keys change, each may be hashed by another one."""
    wanted = [set(vault.fingerprints(who.id_type, who.id_number)) for who in draft.insured]
    return len(hashes) == len(wanted) and all(hashes & each for each in wanted)


def taken(draft: PolicyDraft, done: Tally) -> Problem:
    message = f"{draft.number} exists already: policies are registered once"
    return Problem(done.first_lines[draft.number], "number", message)
