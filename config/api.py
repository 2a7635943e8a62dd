"""The interface for programs: routers of the apps under one roof, with a page of our own that
describes them. No page of it asks another site for anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from fit.api import router as fit_router
from reviews.judging.beside import Covered
from reviews.programs.api import router as reviews_router
from reviews.programs.waiving import router as waivers_router
from teams.programs.problems import CONTENT_TYPE, Problem


class Api(NinjaAPI):
    """Says in its schema that a problem is application/problem+json."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        for methods in schema["paths"].values():
            for call in methods.values():
                for answer in call["responses"].values():
                    content = answer.get("content", {})
                    shape = content.get("application/json", {}).get("schema", {})
                    if shape.get("$ref", "").endswith("/ProblemOut"):
                        content[CONTENT_TYPE] = content.pop("application/json")
        return schema


api = Api(
    title="Warmstart",
    version="1",
    description="What the site works out, for programs.",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/fit/", fit_router)
api.add_router("/teams/", reviews_router)
api.add_router("/teams/", waivers_router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem.response()


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return Problem(404, "There is nothing here that this token may reach.").response()


@api.exception_handler(Covered)
def _covered(request: HttpRequest, error: Covered) -> HttpResponse:
    said = "Covered until you, whose token this is, have sent your marks to the panel."
    return Problem(409, said).response()


@api.exception_handler(AuthenticationError)
def _who(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    said = "Send “Authorization: Bearer” with a token that is neither revoked nor expired."
    return Problem(401, said, headers={"WWW-Authenticate": "Bearer"}).response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [
        {"at": ".".join(str(word) for word in each["loc"]), "message": each["msg"]}
        for each in error.errors
    ]
    return Problem(422, "The call is not as the schema says.", errors=errors).response()


@api.exception_handler(HttpError)
def _wrong(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RequestDataTooBig):
        return Problem(413, "The body is larger than 2 MiB.").response()
    return Problem(error.status_code, str(error)).response()


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
            "needs": bool(call.get("security")),
            "parameters": call.get("parameters", []),
            "body": _shape(call.get("requestBody", {})),
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


def _shape(answer: Mapping[str, Any]) -> str:
    """The body of a call or an answer in a few words: its shape, or the kinds of file it may be."""
    content = answer.get("content", {})
    files = [kind for kind in content if not kind.endswith("json")]
    if files:
        return ", ".join(content)
    for body in content.values():
        return _type(body.get("schema", {}))
    return ""


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
