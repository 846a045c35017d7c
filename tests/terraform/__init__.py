"""Terraform's root, checked without an AWS account: formatted, valid, tested, and scanned by checkov."""
