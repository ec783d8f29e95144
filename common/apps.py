"""Bases and registries under everything else. It has no models."""

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "common"
