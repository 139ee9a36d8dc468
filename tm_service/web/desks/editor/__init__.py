"""The desk of editors: articles and records listed, written in their languages, previewed, shared and published."""
