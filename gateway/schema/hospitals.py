"""Cities, departments and hospitals: where services reach, and where networks pay."""

import datetime as dt
from decimal import Decimal

import strawberry

from gateway.execution.connections import Connection, connection
from gateway.execution.declare import (
    SqlType,
    column,
    embedded,
    enum_column,
    enum_list_column,
    expression,
    global_id,
    listing,
    localized,
    localized_expression,
    lookup,
    sql_type,
    to_many,
    to_one,
)
from gateway.execution.filters import equals, matches, together
from gateway.execution.forms import told
from gateway.execution.keyset import Key
from gateway.language import T
from gateway.repositories import cities as city_sql
from gateway.repositories import hospitals as hospital_sql
from gateway.repositories.search import keyword
from gateway.schema.enums import (
    DepartmentClass,
    HospitalOrder,
    HospitalType,
    Liability,
    ProductCode,
    RecordSource,
    ServiceKind,
)
from gateway.schema.nodes import Node
from gateway.schema.tellings import constant
from models.cities import City as CityRows
from models.departments import Department as DepartmentRows
from models.hospitals import ClinicBrand as BrandRows
from models.hospitals import Hospital as HospitalRows
from models.hospitals import HospitalDepartment as HospitalDepartmentRows
from models.hospitals import HospitalNetwork as NetworkRows

COORDINATES = "GCJ-02"


@sql_type(CityRows, T("城市（含县级市、盟）。", "A city, county-level cities and leagues included."), prefix="city")
class City(SqlType, Node):
    id: strawberry.ID = global_id("city")
    code: str = column(
        "code",
        T(
            "代码；同音城市以省份区分，如 jiangsu-suzhou。",
            "Code; cities that sound alike are told apart by province, as in jiangsu-suzhou.",
        ),
    )
    name: str = column("name", T("名称。", "Name."))
    province: str = column("province", T("省级行政区。", "Province-level unit."))
    pinyin: str = column("pinyin", T("拼音。", "Pinyin."))
    services: list[ServiceKind] = expression(
        "services", city_sql.services, T("手册列明可达此城市的服务。", "Services whose handbook lists this city.")
    )


@strawberry.input(description=T("城市的筛选条件。", "Filter of cities."))
class CityFilter:
    province: str | None = equals("province", T("省级行政区，如 江苏。", "Province-level unit, such as 江苏."))
    service: ServiceKind | None = matches(
        city_sql.reached_by, T("此服务可达的城市。", "Cities that this service reaches.")
    )
    product: ProductCode | None = matches(
        city_sql.reached_by_product, T("此产品的服务可达的城市。", "Cities that a service of this product reaches.")
    )
    keyword: str | None = matches(keyword, T("名称、别名、拼音或首字母。", "Name, alias, pinyin or initials."))


@sql_type(DepartmentRows, T("科室。", "A hospital department."))
class Department(SqlType):
    code: str = column("code", T("代码，如 PEDIATRICS。", "Code, such as PEDIATRICS."))
    name: str = localized("name", T("名称。", "Name."))


@sql_type(HospitalDepartmentRows, T("医院的一个科室。", "A department of a hospital."))
class HospitalDepartment(SqlType):
    code: str = column("department_code", T("代码。", "Code."))
    name: str = localized_expression("name", hospital_sql.department_name, T("名称。", "Name."))
    is_featured: bool = column("is_featured", T("是否特色科室。", "Whether the hospital is known for it."))


@sql_type(NetworkRows, T("医院所在的网络。", "Membership of a hospital in a network."))
class HospitalNetwork(SqlType):
    product: ProductCode = enum_column("product_code", ProductCode, T("产品。", "Its product."))
    plan: str | None = expression(
        "plan", hospital_sql.network_plan, T("计划；产品无计划时为空。", "Plan; null where the product has none.")
    )
    liability: Liability = enum_column("liability", Liability, T("责任。", "Its liability."))
    valid_from: dt.date | None = column(
        "valid_from", T("生效日；为空则不限。", "First day; null: without a beginning.")
    )
    valid_to: dt.date | None = column(
        "valid_to", T("失效日（不含）；为空则不限。", "First day on which it no longer holds; null: without an end.")
    )


@sql_type(BrandRows, T("诊所品牌。", "A chain of clinics."))
class ClinicBrand(SqlType):
    code: str = column("code", T("代码。", "Code."))
    name: str = column("name", T("名称。", "Name."))
    closed_on: dt.date | None = column("closed_on", T("停业日。", "Day on which it closed."))


@sql_type(description=T("位置（GCJ-02 坐标）。", "Location, in GCJ-02 coordinates."))
class Location(SqlType):
    latitude: Decimal = column("latitude", T("纬度。", "Latitude in degrees."))
    longitude: Decimal = column("longitude", T("经度。", "Longitude in degrees."))

    @strawberry.field(
        description=T("坐标系，恒为 GCJ-02。", "Coordinate system; always GCJ-02."),
        metadata=told(lambda _row, _scope: constant(COORDINATES)),
    )
    def coordinate_system(self) -> str:
        return COORDINATES


@sql_type(description=T("开放时间（上海时间）。", "Opening hours, Shanghai time."))
class OpeningHours(SqlType):
    opens_at: dt.time = column("opens_at", T("开始（含）。", "Opens at, included."))
    closes_at: dt.time = column("closes_at", T("结束（不含）。", "Closes at, excluded."))


@sql_type(HospitalRows, T("医院或诊所。", "A hospital or clinic."), prefix="hosp")
class Hospital(SqlType, Node):
    id: strawberry.ID = global_id("hosp")
    code: str = column("code", T("代码。", "Code."))
    name: str = column("name", T("名称。", "Name."))
    unit: str | None = column("unit", T("院区或部门。", "Campus or unit."))
    city: City = to_one("City", T("所在城市。", "Its city."), code="city_code")
    type: HospitalType = enum_column("ownership", HospitalType, T("公立或私立。", "Public or private."))
    level: int | None = column("level", T("等级 1–3；未定级或未知为空。", "Level, 1 to 3; null: unrated or unknown."))
    departments: list[HospitalDepartment] = to_many(
        "HospitalDepartment", ["department_code"], T("科室。", "Its departments."), hospital_code="code"
    )
    featured_departments: list[HospitalDepartment] = to_many(
        "HospitalDepartment",
        ["department_code"],
        T("特色科室。", "The departments it is known for."),
        where={"is_featured": True},
        hospital_code="code",
    )
    department_classes: list[DepartmentClass] = enum_list_column(
        "department_classes", DepartmentClass, T("部别。", "Its classes of department.")
    )
    items: list[str] = column("items", T("项目。", "Items that it offers."))
    networks: list[HospitalNetwork] = to_many(
        "HospitalNetwork",
        ["product_code", "plan_code", "liability"],
        T("所在网络。", "The networks that it belongs to."),
        hospital_code="code",
    )
    brand: ClinicBrand | None = to_one("ClinicBrand", T("诊所品牌。", "Its chain."), code="brand_code")
    is_direct_billing: bool = column("is_direct_billing", T("是否可直付。", "Whether it bills the insurer directly."))
    is_popular: bool | None = column(
        "is_popular", T("是否热门；未载入名单则为空。", "Whether it is a popular one; null: no list has been loaded.")
    )
    has_onsite_service: bool = column("has_onsite_service", T("是否有驻点服务。", "Whether staff are on site."))
    introduction: str | None = column("introduction", T("简介。", "Introduction."))
    visit_tips: str | None = column("visit_tips", T("就诊提示。", "Tips for a visit."))
    service_hours: OpeningHours | None = embedded(
        "OpeningHours", T("开放时间。", "Opening hours."), unless_null="opens_at"
    )
    location: Location | None = embedded("Location", T("位置。", "Where it is."), unless_null="latitude")
    address: str | None = column("address", T("地址。", "Address."))
    phone: str | None = column("phone", T("对外电话。", "Public phone."))
    source: RecordSource = enum_column("source", RecordSource, T("数据来源。", "Where the record comes from."))
    is_demo: bool = column("is_demo", T("是否演示数据。", "Whether it is demo data."))


@strawberry.input(description=T("以某点为圆心的范围。", "A circle around a point."))
class NearInput:
    latitude: Decimal = strawberry.field(description=T("纬度（GCJ-02），-90 至 90。", "Latitude in GCJ-02, -90 to 90."))
    longitude: Decimal = strawberry.field(
        description=T("经度（GCJ-02），-180 至 180。", "Longitude in GCJ-02, -180 to 180.")
    )
    radius_km: Decimal = strawberry.field(
        description=T("半径（公里），大于 0 至 500。", "Radius in kilometres, over 0 to 500.")
    )


@strawberry.input(description=T("医院的筛选条件。", "Filter of hospitals."))
class HospitalFilter:
    city: str | None = matches(hospital_sql.in_city, T("城市代码或名称。", "City, by code or name."))
    province: str | None = matches(hospital_sql.in_province, T("省级行政区。", "Province-level unit."))
    department: str | None = matches(hospital_sql.has_department, T("科室代码或名称。", "Department, by code or name."))
    type: HospitalType | None = equals("ownership", T("公立或私立。", "Public or private."))
    department_class: DepartmentClass | None = matches(hospital_sql.has_class, T("部别。", "Class of department."))
    level: int | None = equals("level", T("等级 1–3。", "Level, 1 to 3."))
    product: ProductCode | None = together(
        "product", hospital_sql.in_network, T("在此产品的网络内。", "In a network of this product.")
    )
    plan: str | None = together(
        "plan",
        hospital_sql.in_network,
        T("在此计划的网络内，如 NATIONAL。", "In a network of this plan, such as NATIONAL."),
    )
    liability: Liability | None = together(
        "liability", hospital_sql.in_network, T("在此责任的网络内。", "In a network of this liability.")
    )
    direct_billing: bool | None = equals("is_direct_billing", T("是否可直付。", "Whether it bills directly."))
    item: str | None = matches(hospital_sql.offers, T("项目。", "An item that it offers."))
    keyword: str | None = matches(
        keyword, T("名称、拼音或首字母，一字亦可。", "Name, pinyin or initials; one character is enough.")
    )
    near: NearInput | None = matches(
        hospital_sql.near, T("距某点不超过若干公里。", "Within some kilometres of a point.")
    )
    open_at: dt.datetime | None = matches(hospital_sql.open_at, T("此刻开放。", "Open at this instant."))


ORDERS = {
    HospitalOrder.NAME_ASC: (Key("sort_key"), Key("id")),
    HospitalOrder.NAME_DESC: (Key("sort_key", descending=True), Key("id", descending=True)),
}


@strawberry.type
class HospitalQueries:
    cities: Connection[City] = connection(
        "City",
        T("城市。", "Cities."),
        of=City,
        orders=(Key("sort_key"), Key("id")),
        where=CityFilter,
    )
    departments: list[Department] = listing(
        "Department", ["position"], T("科室目录。", "The catalogue of departments."), size=50
    )
    hospitals: Connection[Hospital] = connection(
        "Hospital",
        T("医院与诊所。", "Hospitals and clinics."),
        of=Hospital,
        orders=(HospitalOrder, ORDERS),
        where=HospitalFilter,
    )
    hospital: Hospital | None = lookup(
        "Hospital", T("按代码查医院。", "A hospital by its code."), code=("code", str, T("医院代码。", "Its code."))
    )
