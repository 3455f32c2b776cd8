"""What a claim, or a question about one, is asked with."""

from gateway.resolvers import claim_filings
from gateway.schema.claim_inputs import (
    BankAccountInput,
    ClaimChecklistInput,
    ClaimChecklistVisitInput,
    ClaimSubmitInput,
    ClaimVisitInput,
)
from gateway.schema.paper_inputs import handed


def filing_of(given: ClaimSubmitInput | ClaimChecklistInput) -> claim_filings.Filing:
    """Of a question, what only a claim has stays empty."""
    is_claim = isinstance(given, ClaimSubmitInput)
    return claim_filings.Filing(
        policy_number=given.policy_number,
        insured=given.insured,
        kind=given.kind.value,
        channel=given.channel.value if given.channel else None,
        visits=tuple(_visit(visit) for visit in given.visits),
        account=account_of(given.bank_account) if is_claim else None,
        papers=handed(given.documents) if is_claim else (),
        is_emergency=given.is_emergency,
        is_follow_up=given.is_follow_up,
        has_surgery=given.has_surgery,
        is_third_party_settled=given.third_party_settled,
        is_self_ordered_test=is_claim and given.is_self_ordered_test,
    )


def _visit(given: ClaimVisitInput | ClaimChecklistVisitInput) -> claim_filings.Visit:
    department_class = given.department_class and given.department_class.value
    if isinstance(given, ClaimChecklistVisitInput):
        return claim_filings.Visit(
            hospital=given.hospital,
            department_class=department_class,
            visited_on=given.visited_on,
            discharged_on=None,
            amount=given.amount,
            invoice_number=given.invoice_number,
            is_invoice_marked=given.is_invoice_marked,
        )
    return claim_filings.Visit(
        hospital=given.hospital,
        department_class=department_class,
        visited_on=given.visited_on,
        discharged_on=given.discharged_on,
        amount=given.amount,
        invoice_number=given.invoice_number,
        invoice_code=given.invoice_code,
        is_invoice_marked=given.is_invoice_marked,
        lines=tuple(claim_filings.Line(line.category, line.name, line.amount) for line in given.lines),
    )


def account_of(given: BankAccountInput) -> claim_filings.Account:
    return claim_filings.Account(given.bank_name, given.holder, given.number)
