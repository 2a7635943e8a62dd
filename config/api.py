"""The interface for programs: routers of the apps under one roof, with a page of our own that
describes them. No page of it asks another site for anything."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from fit.api import router as fit_router

api = NinjaAPI(
    title="Warmstart",
    version="1",
    description="What the site works out, for programs.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/fit/", fit_router)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every call with its answers, from the schema that programs read."""
    schema = api.get_openapi_schema()
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": call["summary"],
            "about": call.get("description", ""),
            "body": call.get("requestBody"),
            "responses": [
                {"status": status, "shape": _shape(answer)}
                for status, answer in call["responses"].items()
            ],
        }
        for path, methods in schema["paths"].items()
        for method, call in methods.items()
    ]
    schemas = schema.get("components", {}).get("schemas", {})
    shapes = [
        {
            "name": name,
            "about": shape.get("description", ""),
            "fields": [
                {"name": field, "type": _type(of)} for field, of in shape["properties"].items()
            ],
        }
        for name, shape in schemas.items()
        if "properties" in shape
    ]
    return render(request, "api.html", {"nav": "", "calls": calls, "shapes": shapes})


def _shape(answer: dict[str, Any]) -> str:
    content = answer.get("content", {}).get("application/json", {})
    return _type(content.get("schema", {}))


def _type(of: dict[str, Any]) -> str:
    """A JSON Schema in a few words: `list of Score`, `number or null`."""
    if ref := of.get("$ref"):
        return str(ref).rpartition("/")[2]
    if several := of.get("anyOf") or of.get("oneOf"):
        return " or ".join(_type(each) for each in several)
    if of.get("type") == "array":
        return f"list of {_type(of.get('items', {}))}"
    if of.get("type") == "object" and isinstance(of.get("additionalProperties"), dict):
        return f"object of {_type(of['additionalProperties'])}"
    return str(of.get("type", "anything"))
