"""Records: the core record store: schemas, documents with their revisions, drafts, publishing, references."""
