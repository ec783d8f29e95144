"""Who may come in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from participants.models.people import Person


class UserManager(BaseUserManager["User"]):
    """Log-ins are made by a service when somebody is invited; superusers on the command line only (C-06)."""

    def get_queryset(self) -> models.QuerySet[User]:
        """With the person, whom nearly every use of a log-in asks for next: one question instead of two."""
        return super().get_queryset().select_related("person")

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(
            email=self.normalize_email(email).lower(), is_superuser=True, is_staff=True, **fields
        )
        user.set_password(password)
        user.save(using=self._db)
        # Whoever may make a superuser on the command line need not prove the address by mail as well.
        EmailAddress.objects.get_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A log-in. Made on invitation; an operator may have one without being a person in the roster."""

    email = models.EmailField(_("e-mail address"), unique=True)
    person = models.OneToOneField(
        Person, models.CASCADE, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("operator"), default=False)
    date_joined = models.DateTimeField(_("created"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("log-in")
        verbose_name_plural = _("log-ins")
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_lower")]

    def __str__(self) -> str:
        return str(self.person) if self.person_id else self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.person.first_name if self.person else self.email
