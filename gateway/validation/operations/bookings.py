"""Steps of any booking: what its vendor, its client and staff do after it was asked for."""

from collections.abc import Mapping

from gateway.validation.operations.direct_billing import PLACES_OF_VISITS
from gateway.validation.rule import Check
from gateway.validation.rules import (
    consulting,
    direct_billing,
    documents,
    drugs,
    eligibility,
    expert_calls,
    green_channels,
    home_tests,
    network,
    people,
    quota,
    timing,
    visits,
)

OPERATIONS: Mapping[str, tuple[Check, ...]] = {
    "bookingAccept": (eligibility.handled_by_own_vendor, eligibility.step_allowed, home_tests.address_recognized),
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
        visits.before_visit,
        *PLACES_OF_VISITS,
    ),
    "bookingCancel": (
        eligibility.step_allowed,
        visits.before_cutoff,
        visits.before_visit,
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
    "bookingReview": (eligibility.handled_by_own_vendor, eligibility.step_allowed),
    "bookingCallAttemptRecord": (
        eligibility.handled_by_own_vendor,
        eligibility.step_allowed,
        expert_calls.client_reached,
    ),
    "cancellationQuote": (
        eligibility.step_allowed,
        visits.before_cutoff,
        visits.before_visit,
        quota.cancellations_left,
        timing.free_cancellation,
        timing.late_cancellation_counts,
    ),
}
