"""`/docs`: the interface as one page of HTML, made from the OpenAPI document.

Plain HTML without scripts, because the usual pages load theirs from other hosts, and this program works without any.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from .problems import KINDS, Kind

if TYPE_CHECKING:
    from fastapi import FastAPI

router = APIRouter(include_in_schema=False)

Json = Mapping[str, Any]
STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "body{color:#1a1a1a;background:#fff}"
    "h2{margin-top:3rem;border-bottom:1px solid #ccc}h3{margin-top:2rem}code,pre{font:14px/1.45 ui-monospace,monospace}"
    "pre{background:#f4f4f4;padding:.8rem;overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #ddd}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}pre{background:#242424}a{color:#8ab4f8}"
    "th,td{border-color:#444}h2{border-color:#555}}"
)
_STYLE_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@router.get("/docs")
async def docs(request: Request) -> HTMLResponse:
    return HTMLResponse(_page_of(request.app), headers={"Content-Security-Policy": POLICY})


@lru_cache(maxsize=1)
def _page_of(app: FastAPI) -> str:
    return render(app.openapi())


def render(document: Json) -> str:
    """The page for an OpenAPI document."""
    info, schemas = document["info"], document["components"]["schemas"]
    routes = [
        (method.upper(), path, route)
        for path, methods in document["paths"].items()
        for method, route in methods.items()
    ]
    return "".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(info['title'])}</title><style>{STYLE}</style></head><body>",
            f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>{_prose(info['description'])}",
            '<p>For programs: <a href="/openapi.json">openapi.json</a>.</p>',
            _contents(routes),
            "<h2>Routes</h2>",
            *(_route(method, path, route, schemas) for method, path, route in routes),
            "<h2>Problems</h2>",
            *(_problem(kind) for kind in KINDS),
            "<h2>Schemas</h2>",
            *(_schema(name, schema) for name, schema in schemas.items()),
            "</body></html>",
        ]
    )


def _contents(routes: Iterable[tuple[str, str, Json]]) -> str:
    rows = (
        f'<tr><td><a href="#{_anchor(method, path)}"><code>{method} {escape(path)}</code></a></td>'
        f"<td>{escape(_first_line(route))}</td></tr>"
        for method, path, route in routes
    )
    return f"<table>{''.join(rows)}</table>"


def _first_line(route: Json) -> str:
    line: str = route["description"].partition("\n")[0]
    return line


def _anchor(method: str, path: str) -> str:
    return f"{method}{path}".lower().replace("/", "-").replace("{", "").replace("}", "")


def _route(method: str, path: str, route: Json, schemas: Json) -> str:
    return (
        f'<h3 id="{_anchor(method, path)}"><code>{method} {escape(path)}</code></h3>{_prose(route["description"])}'
        + _parameters(route.get("parameters", ()))
        + _sent(route.get("requestBody"))
        + _received(route["responses"], schemas)
    )


def _parameters(parameters: Iterable[Json]) -> str:
    items = "".join(f"<li><code>{escape(each['name'])}</code> in the {escape(each['in'])}</li>" for each in parameters)
    return f"<ul>{items}</ul>" if items else ""


def _sent(body: Json | None) -> str:
    if body is None:
        return ""
    return f"<p>Send {_type(body['content']['application/json']['schema'])} as JSON.</p>"


def _received(answers: Json, schemas: Json) -> str:
    good = answers["200"]["content"]["application/json"]["schema"]
    example = escape(json.dumps(schemas[_name(good)]["examples"][0], ensure_ascii=False, indent=2))
    rows = "".join(
        f"<tr><td>{status}</td><td>{_marked(answer['description'])}</td></tr>"
        for status, answer in answers.items()
        if status != "200"
    )
    problems = f"<table><tr><th>Problem</th><th>When</th></tr>{rows}</table>"
    return f"<p>Returns {_type(good)}, for example:</p><pre>{example}</pre>{problems}"


def _problem(kind: Kind) -> str:
    return f'<h3 id="{kind.slug}">{kind.status} {escape(kind.title)}</h3>{_prose(kind.meaning)}'


def _schema(name: str, schema: Json) -> str:
    required = schema.get("required", ())
    rows = "".join(_field(field, value, field in required) for field, value in schema.get("properties", {}).items())
    words = " | ".join(f"<code>{escape(word)}</code>" for word in schema.get("enum", ()))
    table = f"<table><tr><th>Field</th><th>Type</th><th>Meaning</th></tr>{rows}</table>" if rows else ""
    return f'<h3 id="schema-{name}">{name}</h3>{_prose(schema.get("description", ""))}<p>{words}</p>{table}'


def _field(name: str, schema: Json, required: bool) -> str:
    limits = [f"{said} {schema[key]}" for key, said in _LIMITS.items() if key in schema]
    default = [] if required else [f"default {json.dumps(schema.get('default'))}"]
    said = ". ".join(part.rstrip(".") for part in (schema.get("description", ""), ", ".join(limits + default)) if part)
    return f"<tr><td><code>{escape(name)}</code></td><td>{_type(schema)}</td><td>{_marked(said)}</td></tr>"


_LIMITS: Final = {
    "minimum": "at least",
    "maximum": "at most",
    "maxLength": "longest, in characters:",
    "maxItems": "most items:",
}


def _type(schema: Json) -> str:
    """A schema in a few words, with links to those that have a name."""
    if "$ref" in schema:
        return f'<a href="#schema-{_name(schema)}">{_name(schema)}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(f"<code>{escape(str(word))}</code>" for word in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return escape(schema.get("type", "any"))


def _name(schema: Json) -> str:
    name: str = schema["$ref"].rpartition("/")[2]
    return name


def _prose(text: str) -> str:
    return "".join(f"<p>{_marked(' '.join(part.split()))}</p>" for part in text.split("\n\n") if part.strip())


def _marked(text: str) -> str:
    """Words between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
