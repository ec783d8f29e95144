"""What keys are made for, as data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScopeKind(models.TextChoices):
    """What a key belongs to."""

    ROUND = "round", _("evaluation round")
    PAIR = "pair", _("pair")
    CIRCLE = "circle", _("mentor circle")
    INTAKE = "intake", _("intake")


class Algorithm(models.TextChoices):
    #: Anybody may close, only the key's keeper opens.
    BOX = "x25519-hkdf-aesgcm", "X25519 + HKDF-SHA256 + AES-256-GCM"
    #: One key closes and opens.
    SECRET = "aesgcm-256", "AES-256-GCM"
