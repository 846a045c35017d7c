"""Terraform's root applied, unmodified, to a local AWS: only when this folder is named (``make test-aws``)."""
