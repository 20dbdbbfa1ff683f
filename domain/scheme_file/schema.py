"""The rule language as a JSON schema, by which editors complete and check a scheme file while it is written.

It is made from the very models that read the file, so that it knows every key; what no schema can say (holes between
bands, names that must exist, weights that add up) only `scheme check` does.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from domain.scheme_file.reading import MAY_LACK, Entries

KEYS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("keys.toml").read_text(encoding="utf-8"))
FIRST_DAYS = "^[0-9]{4}-(01|04|07|10)-01$"
NAMES = {"clauses": r"^\S.{0,31}$"}
"""What the entries of a table may be called, where it is not the name of a kind or measure."""
NAME = "^[a-z][a-z0-9_]{0,31}$"

Json = dict[str, Any]


def json_schema(head: type[BaseModel]) -> Json:
    """The schema of a whole file; `head` is the model of what stands at its top."""
    sections = dict(_sections())
    models = [head, *(model for model, _ in sections.values())]
    _, whole = models_json_schema([(model, "validation") for model in models], by_alias=True)
    defs: Json = {name: _plain(one) for name, one in whole["$defs"].items()}
    for name, one in defs.items():
        _describe(name, one)
    top = defs.pop(head.__name__)
    top["properties"]["effective"] |= {"type": "string", "pattern": FIRST_DAYS}
    for section, (model, is_list) in sections.items():
        one = {"$ref": f"#/$defs/{model.__name__}"}
        names = {"propertyNames": {"pattern": NAMES.get(section, NAME)}}
        told = {"description": defs[model.__name__]["description"]}
        top["properties"][section] = told | (
            {"type": "array", "items": one} if is_list else {"type": "object", "additionalProperties": one, **names}
        )
        if is_list and section not in MAY_LACK:
            top["required"].append(section)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Appraisal scheme", **top, "$defs": defs}


def _sections() -> Iterator[tuple[str, tuple[type[BaseModel], bool]]]:
    """The lists and tables of entries, each with its model and whether it is a list."""
    for section, hint in get_type_hints(Entries).items():
        if get_origin(hint) is dict:
            key, model = get_args(hint)
            yield section, (model, key is int)


def _plain(node: Any) -> Any:
    """Without what TOML doesn't have: titles of keys, nulls and the defaults that are null."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    left = {key: each for key, each in node.items() if key != "title" or not isinstance(each, str)}
    left = {key: each for key, each in left.items() if key != "default" and key != "discriminator"}
    options = [each for each in left.get("anyOf", []) if each != {"type": "null"}]
    left |= {"anyOf": options} if options else {}
    if len(options) == 1:
        left = {key: each for key, each in left.items() if key != "anyOf"} | options[0] | _words(left)
    return {key: _plain(each) for key, each in left.items()}


def _words(node: Json) -> Json:
    return {"description": node["description"]} if "description" in node else {}


def _describe(model: str, node: Json) -> None:
    """Say of each key what it means, then what may be written there."""
    node["description"] = re.sub(r"\s+", " ", node.get("description", "")).strip()
    for key, one in node.get("properties", {}).items():
        meaning = KEYS.get(model, {}).get(key) or KEYS["any"].get(key, "")
        right = one.get("description", "")
        if "$ref" in one:  # beside which draft 7 looks at nothing
            one["allOf"] = [{"$ref": one.pop("$ref")}]
        one["description"] = ": ".join(text for text in (meaning, right) if text)
