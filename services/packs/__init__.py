"""Packs: kinds, rules, categories, stock items and KPIs as data. Code knows traits, never kinds."""
