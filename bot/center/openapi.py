"""接口说明 (jiekou shuoming): the OpenAPI document, made from the route table and the body dataclasses themselves."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from types import UnionType
from typing import Any, Iterable, Mapping, Union, get_args, get_origin, get_type_hints

from bot.center.errors import CODES
from bot.center.routing import API, Param, Route

Schema = dict[str, Any]

_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
    Any: {},
    type(None): {"nullable": True},
}

_ERROR: Schema = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "details": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"path": {"type": "string"}, "text": {"type": "string"}},
                    },
                },
            },
        }
    },
}


class _Schemas:
    """Collects the schemas of all dataclasses that are mentioned."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {"Error": _ERROR}

    def of(self, kind: Any) -> Schema:
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if is_dataclass(kind):
            return self._dataclass(kind)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"type": "string", "enum": [member.value for member in kind]}
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return self._union(arguments)
        if origin is tuple:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin in (dict, MappingType):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"no schema for {kind}")

    def _union(self, arguments: tuple[Any, ...]) -> Schema:
        kinds = [a for a in arguments if a is not type(None)]
        schema = self.of(kinds[0]) if len(kinds) == 1 else {"anyOf": [self.of(k) for k in kinds]}
        if len(kinds) == len(arguments):
            return schema
        return {"allOf": [schema], "nullable": True} if "$ref" in schema else {**schema, "nullable": True}

    def _dataclass(self, kind: Any) -> Schema:
        reference = {"$ref": f"#/components/schemas/{kind.__name__}"}
        if kind.__name__ in self.components:
            return reference
        schema: Schema = {"type": "object", "additionalProperties": False, "properties": {}}
        self.components[kind.__name__] = schema  # before its parts: a class may mention itself
        if kind.__doc__:
            schema["description"] = kind.__doc__.strip()
        hints = get_type_hints(kind)
        required = []
        for part in fields(kind):
            schema["properties"][part.name] = self._with_limits(self.of(hints[part.name]), part.metadata)
            if part.default is MISSING and part.default_factory is MISSING:
                required.append(part.name)
        if required:
            schema["required"] = required
        return reference

    @staticmethod
    def _with_limits(schema: Schema, limits: Mapping[str, Any]) -> Schema:
        if not limits:
            return schema
        if schema.get("type") == "string" and "format" not in schema and "enum" not in schema:
            # a pattern tells the length too; both together are more than tools that make values from a schema can handle
            if limits["pattern"]:
                schema["pattern"] = f"^(?:{limits['pattern']})$"
            else:
                schema |= {"minLength": limits["shortest"], "maxLength": limits["longest"]}
        elif schema.get("type") == "array":
            schema |= {"minItems": limits["shortest"], "maxItems": limits["longest"]}
        elif schema.get("type") in ("integer", "number"):
            schema |= {name: limits[key] for name, key in (("minimum", "least"), ("maximum", "most")) if limits[key] is not None}
        return schema


def _parameter(param: Param) -> Schema:
    schema: Schema = {"type": "string", "maxLength": param.longest}
    if param.number:
        schema = {"type": "integer", "minimum": param.least, "maximum": param.most}
    if param.default is not None:
        schema["default"] = param.default
    return {"name": param.name, "in": "query", "required": param.required, "description": param.about, "schema": schema}


def _all_codes(route: Route) -> list[str]:
    codes = {"unauthorized", "bad_request", "not_found", "internal_error", "unavailable", *route.errors}
    if route.body is not None:
        codes |= {"bad_json", "too_large", "bad_value"}
    if route.query:
        codes.add("bad_value")
    return sorted(codes)


def _operation(route: Route, schemas: _Schemas) -> Schema:
    parameters: list[Schema] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "maxLength": 64}}
        for name in route.parameters
    ]
    parameters += [
        {"name": name, "in": "header", "required": True, "description": about, "schema": {"type": "string"}}
        for name, about in route.headers.items()
    ]
    parameters += [_parameter(param) for param in route.query]
    responses: dict[str, Schema] = {}
    for status, kind in route.answers.items():
        content = {"application/json": {"schema": schemas.of(kind)}}
        responses[str(status)] = {"description": route.about, "content": content}
    by_status: dict[int, list[str]] = {}
    for code in _all_codes(route):
        by_status.setdefault(CODES[code][0], []).append(code)
    for status, codes in sorted(by_status.items()):
        text = "；".join(f"{code}：{CODES[code][1]}" for code in codes)
        reference = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        responses[str(status)] = {"description": text, "content": reference}
    operation: Schema = {"operationId": route.name, "summary": route.about, "responses": responses}
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        content = {"application/json": {"schema": schemas.of(route.body)}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def document(routes: Iterable[Route]) -> Schema:
    """The whole document."""
    schemas = _Schemas()
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(API + route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.0.3",
        "info": {"title": "帮办 服务中心接口", "version": "1"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
