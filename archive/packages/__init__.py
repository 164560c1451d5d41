"""Packages: what an export puts into an auditor's hands, made from the record and the blob store, never from the index."""
