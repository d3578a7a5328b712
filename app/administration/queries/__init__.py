"""Statements about staff, clients and sessions, as those who administer see them. No secret."""
