"""Examples: answers as the description of the interface shows them, where more than one function gives such an answer."""

JOB = {
    "job": "0f8fad5bd9cb469fa16570867728950e",
    "kind": "deploy",
    "site": "demo",
    "arguments": {"ref": "2026.5"},
    "status": "done",
    "attempt": 1,
    "by": "amina@example.org",
    "worker": "worker-1",
    "done": 3,
    "total": 3,
    "cancelling": False,
    "error": "",
    "said": None,
    "result": {},
    "effects": [],
    "asked": "2026-11-05T09:30:00+00:00",
    "due": "2026-11-05T09:30:00+00:00",
    "lease": None,
    "ended": "2026-11-05T09:30:04+00:00",
}
UNITS = {
    "units": 40,
    "current": 38,
    "from_memory": 1,
    "stale": 1,
    "held": 0,
    "missing": 0,
    "out": 1,
    "same": 2,
    "covered": 40,
}
DEPLOYMENT = {
    "deployment": 4,
    "revision": "9f2c41d07be8a7719a40f2d1f29e5d0b6a1c33e4",
    "ref": "2026.4",
    "at": "2026-11-05T09:30:00+00:00",
    "restores": None,
    "commit": None,
    "locales": {"fr": UNITS | {"words": UNITS}},
    "alarms": [],
}
PERSON = {
    "person": "0f8fad5bd9cb469fa16570867728950e",
    "email": "amina@example.org",
    "name": "Amina Said",
    "language": "en",
    "government": "",
    "state": "active",
    "roles": ["reviewer@demo/fr"],
    "expires": None,
    "second_factor": True,
}
PERSONAL_DATA = {
    "id": "0f8fad5bd9cb469fa16570867728950e",
    "email": "amina@example.org",
    "name": "Amina Said",
    "language": "en",
    "grants": [{"role": "reviewer", "site": "demo", "locale": "fr"}],
    "sessions": [],
}
UNDER_WAY = {
    "description": "The job, which is under way; `Location` is where it is told of.",
    "headers": {
        "Location": {"schema": {"type": "string", "format": "uri-reference"}},
        "Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."},
    },
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/Job"},
            "example": JOB | {"status": "waiting", "done": 0, "total": 0, "ended": None},
        }
    },
}
