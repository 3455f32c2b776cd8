"""Rows of the products, with their vendors and services."""

from collections.abc import Iterable

from models.base import derived_id
from models.products import ContactChannel, Plan, Product, ProductService, Rider
from models.vendors import ProductVendor, Vendor
from seeds import files
from seeds.format import products, shape
from seeds.rows.part import Part, Row, both


def of_products() -> list[Part]:
    given = files.product_files()
    return [
        Part(Product, [_product(position, file) for position, file in enumerate(given, 1)]),
        Part(Plan, [_named(file, *item) for file in given for item in enumerate(file.plans, 1)]),
        Part(Rider, [_named(file, *item) for file in given for item in enumerate(file.riders, 1)]),
        Part(Vendor, _vendors(given), ours="not vendors.is_demo"),
        Part(
            ProductVendor,
            [_product_vendor(file, vendor) for file in given for vendor in file.vendors],
            ours="product_vendors.vendor_code in (select code from vendors where not is_demo)",
        ),
        Part(ProductService, [_service(file, *item) for file in given for item in enumerate(file.services, 1)]),
        Part(ContactChannel, [_contact(file, *item) for file in given for item in enumerate(file.contacts, 1)]),
    ]


def _product(position: int, file: products.ProductFile) -> Row:
    product = file.product
    return {
        "code": product.code,
        "id": derived_id("product", product.code),
        "position": position,
        **both("name", product.name),
        **both("insurer", product.insurer.name),
        **both("handbook_title", product.handbook.title),
        "handbook_edition": product.handbook.edition,
        "handbook_file": product.handbook.file,
    }


def _named(file: products.ProductFile, position: int, item: shape.Named) -> Row:
    return {
        "product_code": file.product.code,
        "code": item.code,
        "position": position,
        **both("name", item.name),
    }


def _vendors(given: Iterable[products.ProductFile]) -> list[Row]:
    """A vendor may serve several products."""
    vendors = {vendor.code: vendor for file in given for vendor in file.vendors}
    return [
        {"code": code, "id": derived_id("vendor", code), **both("name", vendor.name), "is_demo": False}
        for code, vendor in vendors.items()
    ]


def _product_vendor(file: products.ProductFile, vendor: products.Vendor) -> Row:
    return {
        "product_code": file.product.code,
        "vendor_code": vendor.code,
        "role": vendor.role,
        "services": vendor.services,
    }


def _service(file: products.ProductFile, position: int, service: products.Service) -> Row:
    hours = service.hours
    return {
        "product_code": file.product.code,
        "kind": service.kind,
        "position": position,
        **both("name", service.name),
        **both("summary", service.summary),
        "vendor_code": service.vendor,
        "rider_code": service.rider,
        "quota": service.quota,
        "is_quota_stated": service.quota_stated,
        "monthly_cap": service.monthly_cap,
        "waiting_days": service.waiting_days,
        "verification": service.verification,
        "opens_at": hours and hours.opens_at,
        "closes_at": hours and hours.closes_at,
        "after_hours": hours and hours.after_hours,
        "first_response_minutes": service.first_response_minutes,
        "lifecycle": service.lifecycle,
        "rule_codes": service.rules,
    }


def _contact(file: products.ProductFile, position: int, contact: products.Contact) -> Row:
    code = file.product.code
    return {
        "id": derived_id("contact", f"{code}|{contact.purpose}|{contact.kind}|{contact.value}"),
        "product_code": code,
        "position": position,
        **contact.model_dump(include={"purpose", "kind", "value", "hours", "services", "lines"}),
        **both("note", contact.note),
    }
