"""Facts of an order of a listed drug: what is asked for, how it reaches the client, and what was damaged."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks for the insured, with the kinds of papers that were handed in."""

    role: str  # INSURED, GUARDIAN or AGENT
    papers: frozenset[str] = frozenset()
    is_insured_incapable: bool = False  # as it is declared


@dataclass(frozen=True, slots=True)
class DrugOrder:
    """What is asked for. `listed_until` is the first day on which the drug is on the list no more."""

    diagnosis: str = ""
    is_malignant: bool | None = None  # as the client declares; None: only the words of the diagnosis tell
    is_unavailable_in_hospital: bool = True
    papers: frozenset[str] = frozenset()  # what the paper that is named as the prescription is
    number: int = 0  # on the list
    is_of_product: bool = True
    listed_from: dt.date | None = None
    listed_until: dt.date | None = None
    review: str | None = None  # APPROVED or REJECTED, once reviewed


@dataclass(frozen=True, slots=True)
class Fulfillment:
    """How the client wants to have the drug."""

    way: str  # PICKUP or DELIVERY
    number: int  # of the drug, on the list
    is_placed: bool = False  # a pharmacy, or an address, is named
    is_pharmacy_designated: bool | None = None  # None: no list of pharmacies is loaded


@dataclass(frozen=True, slots=True)
class Damage:
    """A drug that did not arrive whole."""

    cause: str  # TRANSIT or CLIENT
    is_paid: bool = False  # told only after the client had paid
    is_delivered: bool = False  # told only after the delivery was confirmed
    is_verified: bool | None = None  # None: nobody has looked into it
