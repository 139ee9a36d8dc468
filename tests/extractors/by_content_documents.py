"""Files whose format is told by their names and content, as hypothesis draws them."""

from dataclasses import replace

from tests.extractors.contract import Room
from tests.extractors.json_documents import json_samples

ROOMS = {("auto", ""): Room(json_samples().map(lambda sample: replace(sample, path="texts/page.json")))}
