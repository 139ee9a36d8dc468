"""Articles: documents of a record store, settled for translation, read and written."""

from extractors.articles.settling import Settler, places_of_article

__all__ = ["Settler", "places_of_article"]
