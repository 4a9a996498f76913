"""The feed as an AsyncAPI 3 document, made from the types of the frames. Pure."""

from __future__ import annotations

from typing import Any, get_args

import msgspec

from services.feed.frames import SUBPROTOCOL_JSON, SUBPROTOCOL_MSGPACK, ClientFrame, HubFrame
from services.hub.openapi import any_value

REF = "#/components/schemas/{name}"


def asyncapi() -> dict[str, Any]:
    """The document: one channel ``/feed``, every frame of both directions."""
    sent, received = get_args(ClientFrame), get_args(HubFrame)
    _schemas, components = msgspec.json.schema_components(
        [*sent, *received], ref_template=REF, schema_hook=any_value
    )
    frames = {t.__name__: t for t in (*sent, *received)}
    messages = {name: _message(name, type_) for name, type_ in frames.items()}
    channel = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "OneMap feed",
            "version": "1",
            "description": (
                f"WebSocket subprotocols {SUBPROTOCOL_JSON} (text) and {SUBPROTOCOL_MSGPACK} "
                "(binary). Hello first; Welcome follows; data flows after the first Subscribe."
            ),
        },
        "channels": {"feed": {"address": "/feed", "messages": channel}},
        "operations": {
            "toHub": _operation("receive", sent),
            "toClient": _operation("send", received),
        },
        "components": {"messages": messages, "schemas": components},
    }


def _message(name: str, type_: type[msgspec.Struct]) -> dict[str, Any]:
    text = (type_.__doc__ or "").strip().partition("\n")[0]
    return {
        "name": str(type_.__struct_config__.tag),
        "summary": text,
        "payload": {"$ref": REF.format(name=name)},
    }


def _operation(action: str, frames: tuple[type, ...]) -> dict[str, Any]:
    refs = [{"$ref": f"#/channels/feed/messages/{t.__name__}"} for t in frames]
    return {"action": action, "channel": {"$ref": "#/channels/feed"}, "messages": refs}
