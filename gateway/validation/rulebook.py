"""Which rules an operation asks, in one table; and the rulebook, which joins them with each product's numbers."""

from collections.abc import Callable, Iterable, Mapping

from gateway.validation.facts import Facts
from gateway.validation.rule import Rule
from gateway.validation.rules import (
    advances,
    applicants,
    bills,
    cards,
    claims,
    consents,
    consulting,
    direct_billing,
    direct_claims,
    disclosures,
    documents,
    drugs,
    eligibility,
    expert_calls,
    green_channels,
    health_records,
    home_tests,
    hours,
    illnesses,
    network,
    people,
    preauths,
    quota,
    second_opinions,
    timing,
    visits,
)
from gateway.validation.verdict import Verdict

Check = Callable[[Rule, Facts], Verdict]

PLACES_OF_VISITS: tuple[Check, ...] = (
    visits.in_advance,
    visits.waiting_over_on_visit_day,
    visits.booked_days_ahead,
    visits.booked_working_days_ahead,
    visits.arrangeable_in_time,
    visits.visit_type_bookable,
    visits.no_named_doctor,
    visits.not_restricted,
    direct_billing.ownership_fits,
    direct_billing.in_plan_network,
    direct_billing.billed_directly,
    direct_billing.same_brand,
)
"""When and where a visit that is billed directly may be: asked for a new one, and again when it is moved."""

FOR_THE_CRITICALLY_ILL: tuple[Check, ...] = (
    eligibility.service_in_product,
    eligibility.verified_by_person_info,
    eligibility.handled_by_own_vendor,
    eligibility.patient_is_insured,
    eligibility.within_policy_year,
    timing.waiting_period_over,
    network.hospital_qualifies,
    illnesses.diagnosed_by_specialist,
    illnesses.diagnosis_confirmed,
    illnesses.critical_illness_listed,
    illnesses.first_diagnosed_under_service,
    illnesses.examination_given,
)
"""Who may ask for what is for a critical illness alone. Its hospital is the one that made the diagnosis."""

CLAIMABLE: tuple[Check, ...] = (
    claims.kind_claimable,
    claims.public_hospital,
    claims.not_billed_directly,
    claims.not_self_ordered,
    claims.general_department,
    claims.follow_up_only,
    claims.internet_hospital_qualified,
    claims.channel_open,
    claims.within_online_limit,
    claims.originals_posted,
)
"""Whether and by which way cost is claimed: told before a claim, and asked again when it is filed."""

OPERATIONS: Mapping[str, tuple[Check, ...]] = {
    "entitlementVerify": (
        eligibility.service_in_product,
        eligibility.verified_by_policy_number,
        eligibility.within_policy_year,
    ),
    "escortBook": (
        # who and what is asked for, before when and how often: the reader mends the first thing first
        eligibility.service_in_product,
        eligibility.verified_by_policy_number,
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        timing.waiting_period_over,
        timing.enough_notice,
        timing.within_max_duration,
        timing.one_hospital_one_day,
        timing.late_cancellation_counts,
        network.city_is_served,
        network.hospital_qualifies,
        network.inside_hospital_only,
        people.condition_allowed,
        people.elderly_accompanied,
        people.child_accompanied,
        documents.required_fields_given,
        documents.materials_given,
        documents.reports_recent,
        disclosures.disclosure_acknowledged,
        quota.within_quota,  # last, since it alone may change between two identical requests
    ),
    "bookingAccept": (eligibility.handled_by_own_vendor, eligibility.step_allowed, home_tests.address_recognized),
    "uploadTicketCreate": (consents.consent_given,),
    "bookingDecline": (eligibility.handled_by_own_vendor, eligibility.step_allowed),
    "bookingAssign": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        eligibility.within_policy_year,
        timing.one_hospital_one_day,
        consulting.doctor_titled,
    ),
    "bookingConfirm": (eligibility.step_allowed, people.client_confirmed, documents.checklist_complete),
    "bookingReschedule": (
        eligibility.step_allowed,
        eligibility.within_policy_year,
        timing.enough_notice,
        timing.within_max_duration,
        timing.one_hospital_one_day,
        timing.late_cancellation_counts,
        network.city_is_served,
        network.hospital_qualifies,
        people.elderly_accompanied,
        people.child_accompanied,
        visits.before_cutoff,
        *PLACES_OF_VISITS,
    ),
    "bookingCancel": (
        eligibility.step_allowed,
        visits.before_cutoff,
        quota.cancellations_left,
        timing.free_cancellation,
        timing.late_cancellation_counts,
    ),
    "cancellationQuote": (
        eligibility.step_allowed,
        visits.before_cutoff,
        quota.cancellations_left,
        timing.free_cancellation,
        timing.late_cancellation_counts,
    ),
    "bookingCheckIn": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        timing.on_visit_day,
        people.late_arrival_noted,
        direct_billing.same_brand,
    ),
    "bookingCheckOut": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        timing.within_max_duration,
        green_channels.discharge_accompanied,
    ),
    "bookingFollowUpRecord": (eligibility.handled_by_own_vendor, eligibility.step_allowed),
    "bookingNoShowRecord": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        timing.no_show_after_visit_time,
        green_channels.own_reasons_spend_use,
    ),
    "bookingRate": (eligibility.step_allowed,),
    "bookingDeductionPropose": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        eligibility.provided_for,
        timing.change_deductible,
    ),
    "bookingDeductionDecide": (eligibility.step_allowed,),
    # consultations, and other services that are answered rather than visited
    "consultationStart": (
        eligibility.service_in_product,
        eligibility.verified_by_policy_number,
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        hours.within_service_hours,
        hours.phone_left_after_hours,
        consulting.topic_not_excluded,
        consulting.vendor_consent_given,
        disclosures.disclosure_acknowledged,
    ),
    "consultationReply": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        consulting.doctor_experienced,
        consulting.doctor_titled,
        consulting.doctor_licensed,
        consulting.doctor_of_top_hospital,
        consulting.doctor_employed,
        consulting.single_call,
        consulting.call_within_length,
    ),
    "consultationClose": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        documents.required_fields_given,
    ),
    "drugQuestionAsk": (
        eligibility.service_in_product,
        eligibility.verified_by_person_info,
        eligibility.handled_by_own_vendor,
        eligibility.within_policy_year,
        timing.waiting_period_over,
        disclosures.disclosure_acknowledged,
    ),
    "messageLeave": (hours.phone_left_after_hours,),
    "checkupPlanRequest": (eligibility.service_in_product, documents.checklist_complete),
    "healthRecordUpdate": (health_records.record_consented,),
    "healthRecordEntryAdd": (health_records.record_consented,),
    "growthAssessmentRecord": (health_records.record_consented, documents.required_fields_given),
    "vaccinationPlanRecord": (health_records.record_consented,),
    "onsiteAssistanceRequest": (eligibility.service_in_product, network.has_onsite_service),
    # visits that are billed directly, and tests at home
    "hospitalVisitBook": (
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        direct_billing.rider_held,
        direct_billing.card_not_greyed,
        *PLACES_OF_VISITS,
    ),
    "vaccinationBook": (
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        direct_billing.rider_held,
        direct_billing.card_not_greyed,
        *PLACES_OF_VISITS,
    ),
    "respiratoryTestOrder": (
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        home_tests.identity_paper_accepted,
        home_tests.city_reached,
        home_tests.address_recognized,
        home_tests.within_monthly_cap,
        quota.within_quota,
    ),
    "testReportShare": (eligibility.step_allowed,),
    "bookingComplete": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        consulting.call_within_length,
    ),
    "bookingTerminate": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        drugs.impersonation_ends_service,
    ),
    "bookingDocumentsAttach": (eligibility.step_allowed, documents.materials_given, documents.reports_recent),
    # green channels
    "outpatientGreenChannelRequest": (
        eligibility.service_in_product,
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        timing.enough_notice,
        green_channels.child_hospital,
        documents.required_fields_given,
        quota.within_quota,
    ),
    "inpatientGreenChannelRequest": (
        *FOR_THE_CRITICALLY_ILL,
        documents.required_papers_given,
        quota.within_quota,
    ),
    # second opinions
    "secondOpinionRequest": (*FOR_THE_CRITICALLY_ILL, quota.within_quota),
    "secondOpinionHospitalsPropose": (
        eligibility.handled_by_own_vendor,
        second_opinions.stage_in_order,
        second_opinions.hospitals_within_bounds,
    ),
    "secondOpinionHospitalSelect": (second_opinions.stage_in_order, second_opinions.hospital_among_proposed),
    "secondOpinionDocumentsSubmit": (
        second_opinions.stage_in_order,
        documents.required_papers_given,
        second_opinions.papers_or_reasons,
        second_opinions.imaging_in_format,
    ),
    "secondOpinionStageAdvance": (
        eligibility.handled_by_own_vendor,
        second_opinions.stage_in_order,
        second_opinions.stage_leaves_record,
        second_opinions.consent_to_send_abroad,
    ),
    "bookingReview": (eligibility.handled_by_own_vendor, eligibility.step_allowed),
    # calls with an expert
    "expertCallBook": (
        eligibility.service_in_product,
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        documents.required_fields_given,
        expert_calls.expert_qualified,
        expert_calls.within_booking_window,
        expert_calls.slot_on_schedule,
        quota.within_quota,
    ),
    "expertCallNow": (
        eligibility.service_in_product,
        eligibility.handled_by_own_vendor,
        eligibility.patient_is_insured,
        eligibility.within_policy_year,
        documents.required_fields_given,
        expert_calls.expert_qualified,
        expert_calls.on_duty_with_room,
        quota.within_quota,
    ),
    "bookingCallAttemptRecord": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        expert_calls.client_reached,
    ),
    "vaccineBrandTransferRequest": (direct_billing.brand_closed,),
    "vaccineBrandTransferDecide": (direct_billing.brand_closed, direct_billing.brand_designated),
    # listed drugs
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
    # pre-authorizations and letters of guarantee
    "preAuthRequirement": (
        preauths.needs_no_authorization,
        preauths.sum_needs_no_authorization,
        preauths.asked_in_time,
    ),
    "preAuthSubmit": (
        preauths.submitter_allowed,
        preauths.channel_accepted,
        preauths.waiting_over_at_treatment,
        preauths.treatment_within_cover,
        preauths.billed_directly_there,
        preauths.asked_in_time,
    ),
    "preAuthEmergencyNotify": (preauths.channel_accepted, preauths.emergency_told_in_time),
    "cardCodeSend": (cards.bindable_from, cards.name_as_applied, cards.phone_as_applied),
    "cardBind": (
        cards.bindable_from,
        cards.name_as_applied,
        cards.phone_as_applied,
        cards.phone_proven,
        cards.paper_as_applied,
        cards.person_as_applied,
    ),
    "familyMemberAdd": (
        cards.bindable_from,
        documents.required_fields_given,
        cards.name_as_applied,
        cards.paper_as_applied,
        cards.person_as_applied,
    ),
    # visits that a hospital bills to the insurer, and the client's own part
    "directClaimCreate": (
        eligibility.patient_is_insured,
        direct_claims.visited_within_cover,
        visits.waiting_over_on_visit_day,
        direct_billing.rider_held,
        direct_billing.ownership_fits,
        direct_billing.in_plan_network,
        direct_billing.billed_directly,
        direct_billing.same_brand,
        direct_billing.card_not_greyed,
        direct_billing.direct_billing_open,
        direct_claims.card_active,
        direct_claims.identity_shown,
        direct_claims.direct_papers_given,
        direct_claims.public_visit_booked,
        direct_claims.authorized_where_listed,
        direct_claims.vaccine_licensed,
        quota.within_quota,
    ),
    "directClaimSign": (direct_claims.direct_papers_signed, quota.within_quota),
    "billIssue": (bills.full_cover_used_up,),
    "billReminderRecord": (bills.reminder_spaced,),
    "billPay": (bills.payable_online,),
    "preAuthReview": (eligibility.step_allowed,),
    "preAuthInquire": (eligibility.step_allowed,),
    "preAuthAnswer": (eligibility.step_allowed,),
    "preAuthDecide": (eligibility.step_allowed,),
    "preAuthApprove": (eligibility.step_allowed,),
    "preAuthWithdraw": (eligibility.step_allowed,),
    "guaranteeLetterDeliver": (eligibility.step_allowed,),
    "guaranteeLetterRevoke": (eligibility.step_allowed,),
    "guaranteeLetterDraw": (eligibility.step_allowed, preauths.within_guarantee),
    "guaranteeLetterReturn": (eligibility.step_allowed,),
    # hospital costs paid in advance
    "advanceRequest": (
        eligibility.service_in_product,
        eligibility.verified_by_policy_number,
        eligibility.verified_by_person_info,
        eligibility.handled_by_own_vendor,
        eligibility.within_policy_year,
        timing.waiting_period_over,
        illnesses.critical_illness_listed,
        illnesses.first_diagnosed_under_service,
        advances.cost_type_covered,
        advances.no_excluded_circumstance,
        advances.admitted_already,
        network.hospital_qualifies,
        advances.advance_hospital_fits,
        advances.in_advance_network,
        advances.originals_handed_over,
        advances.social_insurance_settles,
        advances.stay_below_agreed_limit,
        advances.found_in_review,
        documents.required_fields_given,
        illnesses.examination_given,
        advances.client_agreed,
        disclosures.disclosure_acknowledged,
        quota.within_quota,
    ),
    "advanceContactRecord": (eligibility.handled_by_own_vendor, eligibility.step_allowed),
    "advanceDocumentsSubmit": (
        eligibility.step_allowed,
        advances.papers_complete,
        advances.doctor_contact_given,
    ),
    "advanceReview": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        advances.case_confirmed,
        advances.in_advance_network,
        advances.found_in_review,
        advances.papers_complete,
        advances.stay_below_agreed_limit,
        advances.within_authorized_limit,
        advances.refusal_explained,
    ),
    "advanceAuthorize": (
        eligibility.step_allowed,
        advances.reviewed_by_another,
        advances.stay_below_agreed_limit,
        advances.within_authorized_limit,
        advances.refusal_explained,
    ),
    "advanceSign": (
        eligibility.step_allowed,
        people.client_confirmed,
        advances.client_agreed,
        advances.mandate_signed,
    ),
    "advancePay": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        advances.payment_cleared,
        people.client_confirmed,
        advances.mandate_signed,
    ),
    "advanceTopUp": (eligibility.step_allowed, advances.stay_open, advances.stay_below_agreed_limit),
    "advanceDischargeNotify": (
        eligibility.step_allowed,
        advances.told_before_discharge,
        advances.client_agreed,
    ),
    "advanceClaimFile": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        advances.mandate_signed,
        advances.papers_complete,
    ),
    "advanceSettle": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        advances.difference_owed,
        advances.returned_when_not_covered,
    ),
    "advanceCancel": (eligibility.step_allowed, advances.nothing_paid_yet),
    # claims after the visit
    "claimChecklist": CLAIMABLE,
    "claimSubmit": (
        *CLAIMABLE,
        claims.account_given,
        claims.papers_given,
        claims.copies_clear,
        claims.invoice_marked,
        claims.invoice_free,
    ),
    "claimDocumentsAdd": (claims.papers_given, claims.copies_clear),
    "claimShipmentRegister": (claims.parcel_prepaid, claims.parcel_told),
    "claimAdjudicate": (claims.authorization_found, claims.nothing_overpaid),
    "appealSubmit": (claims.decided_before_appeal,),
}
"""Operation → the checks it asks. A row of a product joins in where it names both the check and the operation."""


KEPT_IN: Mapping[str, str] = {"GROWTH_ASSESSMENT": "HEALTH_RECORD", "VACCINATION_REMINDER": "HEALTH_RECORD"}
"""Service → the service in whose record its results are kept, under the rules of that one as well."""


class Rulebook:
    """All rules of all products, ready to be asked. `version` is what a stored decision cites."""

    def __init__(self, rules: Iterable[Rule], version: str = "") -> None:
        self.rules = {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.position)}
        self.version = version
        self._governing: dict[tuple[str, str, str], tuple[tuple[Rule, Check], ...]] = {}

    def check(self, facts: Facts) -> list[Verdict]:
        """Every rule that governs the operation for this product and service, in handbook order."""
        governing = self.governing(facts.operation, facts.product, facts.service)
        return [check(rule, facts).by(check.__name__) for rule, check in governing]

    def of(self, product: str, service: str) -> list[Rule]:
        """Rules of a service of a product, those that govern the whole product included."""
        return [rule for rule in self.rules.values() if rule.product == product and rule.service in (None, service)]

    def governing(self, operation: str, product: str, service: str) -> tuple[tuple[Rule, Check], ...]:
        found = self._governing.get((operation, product, service))
        if found is None:
            found = tuple(self._find(operation, product, service))
            self._governing[operation, product, service] = found
        return found

    def _find(self, operation: str, product: str, service: str) -> Iterable[tuple[Rule, Check]]:
        services = {None, service, KEPT_IN.get(service)}
        for rule in self.rules.values():
            if rule.product != product or operation not in rule.operations or rule.service not in services:
                continue
            for check in OPERATIONS.get(operation, ()):
                if check.__name__ in rule.checks:
                    yield rule, check
