"""Listed drugs, from the request to the damage of a parcel."""

from collections.abc import Mapping

from gateway.validation.rule import Check
from gateway.validation.rules import applicants, consents, disclosures, documents, drugs, eligibility, quota, timing

OPERATIONS: Mapping[str, tuple[Check, ...]] = {
    "drugPurchaseRequest": (
        eligibility.service_in_product,
        eligibility.verified_by_person_info,
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        timing.waiting_period_over,
        drugs.tumor_malignant,
        drugs.prescription_given,
        drugs.unavailable_in_hospital,
        drugs.drug_listed,
        drugs.drug_in_force,
        applicants.guardian_applies,
        applicants.papers_of_applicant_given,
        consents.consent_given,
        documents.required_fields_given,
        disclosures.disclosure_acknowledged,
        quota.within_quota,
    ),
    "drugPrescriptionReview": (eligibility.handled_by_own_vendor, eligibility.step_allowed),
    "drugVoucherIssue": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        drugs.prescription_approved,
    ),
    "drugFulfillmentChoose": (
        eligibility.step_allowed,
        drugs.delivery_address_given,
        drugs.pharmacy_designated,
        drugs.home_deliverable,
    ),
    "drugDeliveryConfirm": (eligibility.step_allowed, drugs.inspected_before_paying),
    "drugDamageReport": (
        eligibility.step_allowed,
        drugs.damage_told_before_payment,
        drugs.client_damage_counts_as_delivered,
        drugs.transit_damage_verified,
    ),
    "drugDamageDecide": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        drugs.transit_damage_verified,
    ),
}
