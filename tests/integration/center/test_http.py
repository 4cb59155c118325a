"""What everybody can rely on at the edge: tokens, errors in one shape, bad input of every kind, the OpenAPI document."""

from __future__ import annotations

import json
import os
import re
import socket
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jsonschema.validators import RefResolver

from bot.center.api import all_routes
from bot.center.errors import CODES
from bot.center.routing import API
from tests.support.builders import a_filing, a_notice, an_item
from tests.support.center import TOKEN, RunningCentre

AUTH = {"Authorization": f"Bearer {TOKEN}"}
ROUTES = all_routes(test_mode=True)
EXAMPLES = 3000 if os.environ.get("BANGBAN_LONG") == "1" else 60


# The edge does not depend on the database; what reaches the store is tested on both.
on_sqlite = pytest.mark.parametrize("centre", ["sqlite"], indirect=True)


def concrete(path: str) -> str:
    return API + path.replace("{code}", "QS-901").replace("{number}", "BJ-261123-0001-1")


def is_error(answer: requests.Response) -> bool:
    error = answer.json()["error"]
    assert CODES[error["code"]][0] == answer.status_code
    assert re.search("[\u4e00-\u9fff]", error["message"])
    assert "Traceback" not in answer.text and "File " not in answer.text
    return True


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@on_sqlite
def test_every_route_wants_the_token(centre: RunningCentre, route: Any) -> None:
    url = centre.url + concrete(route.path)
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer ü".encode()}):
        answer = requests.request(route.method, url, headers=headers, timeout=5)
        assert answer.status_code == 401 and is_error(answer)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_health_needs_no_token(centre: RunningCentre) -> None:
    assert requests.get(centre.url + "/health", timeout=5).json()["status"] == "ok"


def test_clock_is_moved_at_the_same_address_as_on_the_other_processes(centre: RunningCentre, monday: None) -> None:
    answer = requests.post(centre.url + "/test/clock", json={"now": "2026-12-15T09:00:00!"}, timeout=5)
    assert answer.json() == {"now": "2026-12-15T09:00:00+08:00"}
    assert is_error(requests.post(centre.url + "/test/clock", json={"now": 5}, timeout=5))


@pytest.mark.parametrize("path", ["/", "/api", "/api/v1", "/api/v1/nothing", "/api/v1/items/a/b/c", "/api/v1/cases//events"])
@on_sqlite
def test_unknown_address(centre: RunningCentre, path: str) -> None:
    answer = requests.get(centre.url + path, headers=AUTH, timeout=5)
    assert answer.status_code == 404 and is_error(answer)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@on_sqlite
def test_wrong_method(centre: RunningCentre, route: Any) -> None:
    methods = {other.method for other in ROUTES if other.path == route.path}
    for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - methods:
        answer = requests.request(method, centre.url + concrete(route.path), headers=AUTH, timeout=5)
        assert answer.status_code == 405 and is_error(answer)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b"{\"a\": NaN}", b"[" * 100_000, b"{\"a\":" * 5000, b"1" * 10_000, b"{\"a\":1}}"],
    ids=range(9),
)
@on_sqlite
def test_malformed_json(centre: RunningCentre, body: bytes) -> None:
    for path in ("/notices", "/cases", "/handoffs"):
        answer = requests.post(centre.url + API + path, data=body, headers=AUTH | {"Idempotency-Key": "k"}, timeout=5)
        assert answer.status_code in (400, 422) and is_error(answer)


@pytest.mark.parametrize("value", ["\ud800", "\x00", "x" * 30_000, 10**30, 1e300, [[[[[[[[[[[[[[1]]]]]]]]]]]]]]])
def test_values_that_no_store_can_hold(centre: RunningCentre, value: Any) -> None:
    for place in ("conversation", "item_code", "facts", "new"):
        body = json.dumps(a_notice("bad") | {place: {"who": value} if place == "facts" else value})
        answer = requests.post(centre.url + API + "/notices", data=body, headers=AUTH, timeout=5)
        assert answer.status_code == 422 and is_error(answer)
    body = json.dumps({"conversation": "c", "reason": "r", "packet": {"x": value}})
    answer = requests.post(centre.url + API + "/handoffs", data=body, headers=AUTH, timeout=5)
    assert answer.status_code == 422 and is_error(answer)


@pytest.mark.parametrize("size", [1_000_001, 3_000_000])
@on_sqlite
def test_body_over_a_megabyte(centre: RunningCentre, size: int) -> None:
    port = int(centre.url.rpartition(":")[2])
    head = f"POST {API}/handoffs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {size}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(65536)
    assert b" 413 " in answer.split(b"\r\n")[0] and b"too_large" in answer


@on_sqlite
def test_chunked_body_over_a_megabyte(centre: RunningCentre) -> None:
    try:
        answer = requests.post(
            centre.url + API + "/handoffs", data=(b"x" * 100_000 for _ in range(30)), headers=AUTH, timeout=5
        )
    except requests.ConnectionError:
        pass  # refused before everything was sent, which the client may see as a broken pipe
    else:
        assert answer.status_code == 413
    assert requests.get(centre.url + "/health", timeout=5).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=-1", "limit=x", "limit=99999999999999999999", "limit=١", "q=" + "x" * 5000, "q=%00", "q=%ff", "limit="],
)
@on_sqlite
def test_bad_query(centre: RunningCentre, query: str) -> None:
    answer = requests.get(f"{centre.url}{API}/items?{query}", headers=AUTH, timeout=5)
    assert answer.status_code in (200, 422) and (answer.status_code == 200 or is_error(answer))


ADDRESSES = (
    b"/api/v1/items/\xe6\xa2\xa8",
    b"/api/v1/items?q=\xe6\xa2\xa8",
    b"/\xff",
    b"/api/v1/items/%zz",
    b"//",
    b"/api/v1/items/%00",
    b"/api/v1/items/%ed%a0%80",
)


@pytest.mark.parametrize("raw", ADDRESSES)
@on_sqlite
def test_any_address_is_answered(centre: RunningCentre, raw: bytes) -> None:
    port = int(centre.url.rpartition(":")[2])
    request = b"GET " + raw + b" HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request)
        answer = connection.recv(65536)
    # What is not even UTF-8 is cut off without an answer.
    assert answer.split(b" ")[1] in (b"200", b"400", b"404") if raw != b"/\xff" else not answer
    assert requests.get(centre.url + "/health", timeout=5).status_code == 200


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
BODIES = {
    "/notices": lambda: a_notice("fuzz"),
    "/cases": lambda: a_filing("web:fuzz"),
    "/cases/BJ-261123-0001-1/moves": lambda: {"move": "accept", "actor": {"role": "clerk", "name": "王"}, "opinion": ""},
    "/cases/BJ-261123-0001-1/progress": lambda: {"asker": "a", "proof": {"conversation": "c"}},
    "/cases/BJ-261123-0001-1/withdraw": lambda: {"proof": {"conversation": "c"}, "reason": ""},
    "/handoffs": lambda: {"conversation": "c", "reason": "r", "packet": {}},
    "/items/QS-901/publish": lambda: {"version": 999},
}


def _replace(body: Any, data: Any, value: Any) -> Any:
    """The body with one value somewhere in it replaced."""
    if isinstance(body, dict) and body and data.draw(st.integers(0, 5)):
        key = data.draw(st.sampled_from(sorted(body)))
        return body | {key: _replace(body[key], data, value)}
    if isinstance(body, list) and body and data.draw(st.booleans()):
        return [_replace(body[0], data, value), *body[1:]]
    return value


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(BODIES)), json_values, st.data())
def test_wrong_values_anywhere_are_never_the_servers_fault(
    centre: RunningCentre, path: str, value: Any, data: Any
) -> None:
    body = json.dumps(_replace(BODIES[path](), data, value))
    answer = requests.post(centre.url + API + path, data=body, headers=AUTH | {"Idempotency-Key": "fuzz"}, timeout=5)
    assert answer.status_code < 500, answer.text
    assert answer.status_code < 300 or is_error(answer)


@settings(max_examples=EXAMPLES // 3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), json_values)
def test_wrong_items_are_never_the_servers_fault(centre: RunningCentre, data: Any, value: Any) -> None:
    from bot.adapters.yaml_catalogue import to_json

    body = {"item": _replace(to_json(an_item("QS-999")), data, value)}
    answer = requests.put(f"{centre.url}{API}/items/QS-999", data=json.dumps(body), headers=AUTH, timeout=5)
    assert answer.status_code < 500, answer.text


@pytest.fixture(scope="session")
def document(centre: RunningCentre) -> Any:
    answer = requests.get(f"{centre.url}{API}/openapi.json", headers=AUTH, timeout=5)
    return answer.json()


def test_document_names_exactly_the_routes_that_answer(centre: RunningCentre, document: Any) -> None:
    documented = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert documented == {(route.method, API + route.path) for route in ROUTES}
    for method, path in documented:
        answer = requests.request(method, centre.url + concrete(path[len(API) :]), headers=AUTH, data=b"{}", timeout=5)
        assert answer.status_code not in (405, 500) and answer.json().get("error", {}).get("code") != "not_found"


def test_test_routes_exist_only_in_test_mode() -> None:
    assert not any(route.test_only for route in all_routes(test_mode=False))
    assert any(route.test_only for route in ROUTES)


def _validator(document: Any, schema: Any) -> Draft7Validator:
    def as_draft7(node: Any) -> Any:
        if isinstance(node, list):
            return [as_draft7(inner) for inner in node]
        if not isinstance(node, dict):
            return node
        changed = {key: as_draft7(inner) for key, inner in node.items() if key != "nullable"}
        return {"anyOf": [changed, {"type": "null"}]} if node.get("nullable") is True and changed else changed

    return Draft7Validator(as_draft7(schema), resolver=RefResolver("", as_draft7(document)))


def test_answers_have_the_documented_shape(centre: RunningCentre, document: Any) -> None:
    case, notice = centre.file(a_filing("web:doc")), centre.post("notices", a_notice("doc"))
    number = case.json["number"]
    answers = {
        ("post", "/cases"): case,
        ("post", "/notices"): notice,
        ("get", "/notices/{number}"): centre.get(f"notices/{notice.json['number']}"),
        ("get", "/items"): centre.get("items?q=果"),
        ("get", "/items/{code}"): centre.get("items/QS-901"),
        ("get", "/items/{code}/versions"): centre.get("items/QS-901/versions"),
        ("get", "/items/{code}/diff"): centre.get("items/QS-901/diff?from=1&to=1"),
        ("get", "/cases"): centre.get("cases?conversation=web:doc"),
        ("get", "/cases/{number}"): centre.get(f"cases/{number}"),
        ("get", "/cases/{number}/events"): centre.get(f"cases/{number}/events"),
        ("post", "/cases/{number}/moves"): centre.move(number, "accept"),
        ("post", "/cases/{number}/progress"): centre.post(
            f"cases/{number}/progress", {"asker": "doc", "proof": {"conversation": "web:doc"}}
        ),
        ("post", "/cases/{number}/withdraw"): centre.post(
            f"cases/{number}/withdraw", {"proof": {"conversation": "web:doc"}}
        ),
        ("post", "/handoffs"): centre.post("handoffs", {"conversation": "c", "reason": "r"}),
        ("get", "/handoffs"): centre.get("handoffs"),
    }
    for (method, path), answer in answers.items():
        documented = document["paths"][API + path][method]["responses"][str(answer.status)]
        _validator(document, documented["content"]["application/json"]["schema"]).validate(answer.json)


def test_documented_bodies_accept_what_the_tests_send(document: Any) -> None:
    for path, make in BODIES.items():
        generic = re.sub("BJ-[0-9-]+", "{number}", path).replace("QS-901", "{code}")
        body = document["paths"][API + generic]["post"]["requestBody"]["content"]["application/json"]["schema"]
        _validator(document, body).validate(make())
