"""Ports: what the use cases need of the outside, as protocols; rooms implement them, bootstrap joins them."""

from collections.abc import Callable
from datetime import datetime

from tm_service.domain.ports.code import Adviser, CodeReader
from tm_service.domain.ports.exchange import Channel, Check, Checker, Exporter
from tm_service.domain.ports.memory import Library, Matcher, MemoryRoom
from tm_service.domain.ports.openid import OpenIdSignIn
from tm_service.domain.ports.people import PeopleRoom
from tm_service.domain.ports.record_room import RecordRoom
from tm_service.domain.ports.records import RecordStore
from tm_service.domain.ports.site import Checkout, Compiler, ExtractionId, Extractions, Extractor, SiteConnector
from tm_service.domain.ports.store import Shelf, Store, Transaction, Turn
from tm_service.domain.ports.webhooks import HookSecrets, Post, Seals

__all__ = [
    "Adviser",
    "Channel",
    "Check",
    "Checker",
    "Checkout",
    "Clock",
    "CodeReader",
    "Compiler",
    "Exporter",
    "ExtractionId",
    "Extractions",
    "Extractor",
    "HookSecrets",
    "Library",
    "Matcher",
    "MemoryRoom",
    "OpenIdSignIn",
    "PeopleRoom",
    "Post",
    "RecordRoom",
    "RecordStore",
    "Seals",
    "Shelf",
    "SiteConnector",
    "Store",
    "Transaction",
    "Turn",
]

Clock = Callable[[], datetime]
