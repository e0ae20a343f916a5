"""The forms that a body may have beside a JSON object, read as untrusted."""

import json

from lxml import etree

from ..envelope import MAX_DEPTH, check_depth, refuse_constant
from ..errors import Malformed


def parse_array(body):
    """Return the JSON array in ``body`` (bytes): the entries, whatever they are.

    :raises Malformed: if it is not UTF-8, not JSON (RFC 8259), nested too deep or not
        an array.
    """
    try:
        entries = json.loads(body.decode("utf-8"), parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error
    if not isinstance(entries, list):
        raise Malformed("The body is not a JSON array.")
    check_depth(entries)
    return entries


def parse_xml(body):
    """Return the root element of the XML in ``body`` (bytes).

    Entities are not replaced, nothing is loaded, and a document type is refused: with
    one, a small body could stand for a very large one.

    :raises Malformed: if it is not XML, has a document type or is nested too deep.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed("The body is not XML.") from error
    if root.getroottree().docinfo.doctype:
        raise Malformed("The body has a document type.")
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise Malformed(f"The body is nested deeper than {MAX_DEPTH} levels.")
    return root
