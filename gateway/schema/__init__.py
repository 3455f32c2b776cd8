"""What clients see: a table of contents. Types, inputs and payloads stand in the file of their noun."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from gateway.execution.sizes import declare_sizes
from gateway.language import T
from gateway.schema.access import AccessMutations
from gateway.schema.advance_mutations import AdvanceMutations
from gateway.schema.advances import AdvanceQueries
from gateway.schema.answer_mutations import AnswerMutations
from gateway.schema.appeal_mutations import AppealMutations
from gateway.schema.bill_dispute_mutations import BillDisputeMutations
from gateway.schema.bill_mutations import BillMutations
from gateway.schema.bills import BillQueries
from gateway.schema.booking_mutations import BookingMutations
from gateway.schema.bookings import BookingQueries
from gateway.schema.calendar import CalendarQueries
from gateway.schema.card_mutations import CardMutations
from gateway.schema.claim_mutations import ClaimMutations
from gateway.schema.claim_queries import ClaimAnswers
from gateway.schema.claims import ClaimQueries
from gateway.schema.consents import ConsentMutations
from gateway.schema.consultation_mutations import ConsultationMutations
from gateway.schema.direct_claim_mutations import DirectClaimMutations
from gateway.schema.document_mutations import DocumentMutations
from gateway.schema.drug_order_mutations import DrugOrderMutations
from gateway.schema.drugs import DrugQueries
from gateway.schema.entitlements import EntitlementQueries
from gateway.schema.expert_call_mutations import ExpertCallMutations
from gateway.schema.expert_calls import ExpertQueries
from gateway.schema.green_channel_mutations import GreenChannelMutations
from gateway.schema.guarantee_mutations import GuaranteeMutations
from gateway.schema.health_record_mutations import HealthRecordMutations
from gateway.schema.health_record_retractions import HealthRecordRetractions
from gateway.schema.health_records import HealthRecordQueries
from gateway.schema.hospitals import HospitalQueries
from gateway.schema.manager_contacts import ManagerContactMutations, ManagerContactQueries
from gateway.schema.messages import MessageQueries
from gateway.schema.nodes import NodeQueries
from gateway.schema.notice_mutations import NoticeMutations
from gateway.schema.notices import NoticeQueries
from gateway.schema.overrides import OverrideMutations
from gateway.schema.personal_mutations import PersonalMutations
from gateway.schema.pharmacies import PharmacyQueries
from gateway.schema.policy_mutations import PolicyMutations
from gateway.schema.preauth_mutations import PreAuthMutations
from gateway.schema.preauth_queries import PreAuthAnswers
from gateway.schema.preauths import PreAuthQueries
from gateway.schema.products import ProductQueries
from gateway.schema.repayment_mutations import RepaymentMutations
from gateway.schema.rules import RuleQueries
from gateway.schema.scalars import SCALARS
from gateway.schema.scopes import show_scopes
from gateway.schema.second_opinion_mutations import SecondOpinionMutations
from gateway.schema.subscriptions import Subscription
from gateway.schema.tokens import TokenMutations
from gateway.schema.vaccinations import VaccinationMutations
from gateway.schema.viewers import PolicyQueries
from gateway.schema.visit_mutations import VisitMutations


@strawberry.type(
    description=T(
        "查询。目录对所有人开放，其余取决于令牌。", "Queries. The catalogue is public; the rest depends on the token."
    )
)
class Query(
    NodeQueries,
    ProductQueries,
    HospitalQueries,
    DrugQueries,
    PharmacyQueries,
    RuleQueries,
    CalendarQueries,
    NoticeQueries,
    PolicyQueries,
    EntitlementQueries,
    BookingQueries,
    ExpertQueries,
    HealthRecordQueries,
    ManagerContactQueries,
    PreAuthQueries,
    PreAuthAnswers,
    ClaimQueries,
    ClaimAnswers,
    AdvanceQueries,
    BillQueries,
    MessageQueries,
):
    pass


@strawberry.type(
    description=T(
        "变更。每个都需要幂等键，可试运行；业务上的拒绝在 `refusals` 中，不是错误。",
        "Mutations. Each takes an idempotency key and can be dry-run; a rule's refusal is in `refusals`, not an error.",
    )
)
class Mutation(
    PolicyMutations,
    BookingMutations,
    ConsultationMutations,
    VisitMutations,
    ExpertCallMutations,
    GreenChannelMutations,
    SecondOpinionMutations,
    DrugOrderMutations,
    CardMutations,
    PreAuthMutations,
    GuaranteeMutations,
    DirectClaimMutations,
    BillDisputeMutations,
    BillMutations,
    AdvanceMutations,
    RepaymentMutations,
    ClaimMutations,
    AppealMutations,
    TokenMutations,
    DocumentMutations,
    ConsentMutations,
    HealthRecordMutations,
    HealthRecordRetractions,
    ManagerContactMutations,
    VaccinationMutations,
    OverrideMutations,
    NoticeMutations,
    AccessMutations,
    PersonalMutations,
    AnswerMutations,
):
    pass


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    config=StrawberryConfig(scalar_map=SCALARS, auto_camel_case=True),
)
show_scopes(schema._schema)  # pyright: ignore[reportPrivateUsage]
declare_sizes(schema._schema)  # pyright: ignore[reportPrivateUsage]


def sdl() -> str:
    """The schema as it is committed."""
    return schema.as_str() + "\n"
