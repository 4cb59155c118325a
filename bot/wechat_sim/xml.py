"""XML as the platform writes it, and the strict reading of what an account answers."""

from __future__ import annotations

import re
from typing import Union
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Plain(str):
    """A value that the platform writes without CDATA, such as a number."""


Value = Union[str, int, "list[tuple[str, Value]]"]


class BadXml(Exception):
    """Not an XML the platform would take; the text is a reason for machines."""


def _value(value: Value) -> str:
    if isinstance(value, list):
        return "".join(element(name, inner) for name, inner in value)
    if isinstance(value, (int, Plain)):
        return str(value)
    return "<![CDATA[" + _ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def element(name: str, value: Value) -> str:
    """One element; a list value holds inner elements, which may repeat."""
    return f"<{name}>{_value(value)}</{name}>"


def document(values: list[tuple[str, Value]]) -> str:
    """A whole push, an element a line as the platform does."""
    return "<xml>" + "\n".join(element(name, value) for name, value in values) + "\n</xml>"


def read(body: bytes) -> Element:
    """The root element of an answer.

    Raises:
        BadXml: bom, not_utf8, not_xml, dtd, root_not_xml.
    """
    if body.startswith(b"\xef\xbb\xbf"):
        raise BadXml("bom")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise BadXml("not_utf8") from error
    return read_text(text)


def read_text(text: str) -> Element:
    """As `read`, of text that was inside an envelope."""
    try:
        root = fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadXml("dtd") from error
    except (ParseError, ValueError) as error:
        raise BadXml("not_xml") from error
    if root.tag != "xml":
        raise BadXml("root_not_xml")
    return root


def only(root: Element, name: str) -> str | None:
    """The text of a field; None if it is missing.

    Raises:
        BadXml: there are several.
    """
    found = root.findall(name)
    if len(found) > 1:
        raise BadXml("duplicate_field")
    return (found[0].text or "") if found else None
