"""JSON: an analysis as one plain document; counts are numbers, rates, weighted words and money are strings of decimals."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC
from typing import Any

from memory.analysis import Analysis, Category, Tally, whole
from memory.rates import Charge, Rates, charge
from memory.reports import Heading, legible


def json_document(analysis: Analysis, heading: Heading, rates: Rates | None = None) -> bytes:
    """The document, UTF-8: what was analysed and how, counts by file and class, and what it weighs and costs."""
    return json.dumps(document(analysis, heading, rates), ensure_ascii=False, indent=2).encode() + b"\n"


def document(analysis: Analysis, heading: Heading, rates: Rates | None = None) -> dict[str, Any]:
    """What `json_document` writes, as built-in types."""
    return {
        "job": {
            "project": legible(heading.project),
            "number": legible(heading.number),
            "source": heading.source,
            "target": heading.target,
            "at": heading.at.astimezone(UTC).isoformat(timespec="seconds"),
            "customer": legible(heading.customer),
            "memories": [legible(memory) for memory in heading.memories],
        },
        "options": {**asdict(analysis.options), "internal_fuzzy": analysis.internal},
        "files": [{"file": legible(name), **_counts(tally)} for name, tally in analysis.files.items()],
        "total": _counts(analysis.total),
        "charge": _charge(charge(analysis.total, rates), rates) if rates else None,
    }


def _counts(tally: Tally) -> dict[str, Any]:
    classes = {category.value: asdict(tally[category]) for category in Category}
    return {"classes": classes, "total": asdict(whole(tally.values()))}


def _charge(price: Charge, rates: Rates) -> Mapping[str, Any]:
    lines = {
        line.category.value: {"words": line.words, "rate": f"{line.percent:f}", "weighted_words": f"{line.weighted:f}"}
        | ({} if line.amount is None else {"amount": f"{line.amount:f}"})
        for line in price.lines
    }
    money = (
        {}
        if price.amount is None
        else {
            "currency": price.currency,
            "price": f"{rates.price:f}",
            "minimum": f"{rates.minimum:f}",
            "raised_by": f"{price.raised:f}",
            "amount": f"{price.amount:f}",
        }
    )
    return {"classes": lines, "weighted_words": f"{price.weighted:f}", **money}
