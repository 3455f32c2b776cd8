"""The doctor who answers, as a vendor states it."""

import strawberry

from gateway.language import T
from gateway.resolvers.booking_steps import Doctor
from gateway.schema.consultation_enums import DoctorEmployment, DoctorTitle


@strawberry.input(description=T("答复的医生，由服务商写明。", "The doctor who answers, as the vendor states."))
class DoctorInput:
    name: str | None = strawberry.field(default=None, description=T("姓名。", "Name."))
    title: DoctorTitle | None = strawberry.field(default=None, description=T("职称。", "Title."))
    clinical_years: int | None = strawberry.field(
        default=None, description=T("满多少年的临床经验。", "Completed years of clinical work.")
    )
    hospital: str | None = strawberry.field(default=None, description=T("所在医院。", "The doctor's hospital."))
    employment: DoctorEmployment | None = strawberry.field(
        default=None, description=T("任职情况。", "How the doctor is employed.")
    )
    is_licensed: bool | None = strawberry.field(
        default=None, description=T("是否持有执业医师资格。", "Whether the doctor is a licensed physician.")
    )
    is_of_top_hospital: bool | None = strawberry.field(
        default=None, description=T("是否来自三甲医院。", "Whether the hospital is of grade 3A.")
    )


def doctor(given: DoctorInput | None) -> Doctor | None:
    return given and Doctor(
        name=given.name,
        title=given.title.value if given.title else None,
        clinical_years=given.clinical_years,
        hospital=given.hospital,
        employment=given.employment.value if given.employment else None,
        is_licensed=given.is_licensed,
        is_of_top_hospital=given.is_of_top_hospital,
    )
