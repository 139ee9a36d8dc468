"""Mutations: kinds of damage that translations come back with, and what becomes of each."""
