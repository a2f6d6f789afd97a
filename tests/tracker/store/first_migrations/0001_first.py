"""The first migration of the product itself."""

from importlib import import_module

Migration = import_module("tracker.store.migrations.0001_first").Migration
