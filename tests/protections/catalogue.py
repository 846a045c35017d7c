"""Every protection: of the promises, of an operator's work, and against an attacker."""

from tests.protections import catalogue_operations, catalogue_promises, catalogue_secrets, catalogue_strangers

PROTECTIONS = [
    *catalogue_promises.PROTECTIONS,
    *catalogue_operations.PROTECTIONS,
    *catalogue_strangers.PROTECTIONS,
    *catalogue_secrets.PROTECTIONS,
]
