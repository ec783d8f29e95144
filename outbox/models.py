"""E-mails, each stored before it is sent, and the links in them that let somebody do one thing."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from outbox.choices import HELD, ON_WISH, OPTIONAL, Choosable, Policy, Reason, State
from outbox.querysets import ActionLinkQuerySet, MessageQuerySet


class Message(models.Model):
    """One e-mail to one recipient, written in the transaction of what it tells about.

    Knows a person, a programme and what it is about by plain id: this package stands below them all. The
    unique ``key`` is what makes every planner idempotent, so a row outlives its content by far.
    """

    key = models.CharField(_("key"), max_length=200, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    is_discreet = models.BooleanField(_("counted only"), default=False)
    programme_id = models.BigIntegerField(_("programme"), null=True, db_index=True)
    about_kind = models.CharField(_("about"), max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(_("about (number)"), null=True)
    recipient_id = models.BigIntegerField(_("recipient"), null=True, db_index=True)
    address = models.EmailField(_("address"), blank=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10)
    time_zone = models.CharField(_("time zone"), max_length=64)
    sender_name = models.CharField(_("sender"), max_length=200, blank=True)
    context = models.JSONField(_("values for the text"), null=True, encoder=DjangoJSONEncoder)
    links = models.JSONField(_("links to make"), default=dict, encoder=DjangoJSONEncoder)
    calendar = models.JSONField(_("calendar entry"), null=True)
    valid_while = models.JSONField(_("holds while"), default=dict, encoder=DjangoJSONEncoder)
    message_id = models.CharField(_("Message-ID"), max_length=330, unique=True, editable=False)
    raw = models.BinaryField(_("the mail as sent"), null=True)
    rendered_at = models.DateTimeField(_("put together"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, blank=True, default="")
    policy = models.CharField(_("when its fate is unknown"), max_length=6, choices=Policy)
    priority = models.PositiveSmallIntegerField(_("priority"), default=5)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    resends = models.PositiveSmallIntegerField(_("sent again"), default=0)
    created_at = models.DateTimeField(_("queued"))
    not_before = models.DateTimeField(_("due"))
    expires_at = models.DateTimeField(_("not after"), null=True)
    lease_token = models.UUIDField(_("lease"), null=True)
    lease_until = models.DateTimeField(_("lease until"), null=True)
    dot_at = models.DateTimeField(_("final dot"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    settled_at = models.DateTimeField(_("came to rest"), null=True)
    smtp_code = models.PositiveSmallIntegerField(_("answer code"), null=True)
    smtp_reply = models.TextField(_("answer"), blank=True, default="")
    last_error = models.TextField(_("last error"), blank=True, default="")

    objects = MessageQuerySet.as_manager()
    #: Rows of action links that were made with the bytes and are stored with them.
    minted_now: Sequence[ActionLink] = ()

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
            models.CheckConstraint(condition=Q(policy__in=Policy.values), name="message_policy_known"),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=Reason.values), name="message_reason_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=HELD, lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(state__in=HELD) & Q(lease_token=None, lease_until=None)),
                name="message_lease_while_held",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.QUEUED, *HELD]) | (Q(context__isnull=False) & ~Q(address="")),
                name="message_open_has_content",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENDING) | Q(raw__isnull=False, dot_at__isnull=False),
                name="message_sending_has_bytes",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENT, sent_at__isnull=False)
                | (~Q(state=State.SENT) & Q(sent_at__isnull=True)),
                name="message_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(about_kind="", about_id=None) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="message_about_both_or_none",
            ),
        ]
        indexes = [
            models.Index(
                fields=["priority", "not_before", "id"], name="message_due", condition=Q(state=State.QUEUED)
            ),
            models.Index(fields=["lease_until"], name="message_lease", condition=Q(state__in=HELD)),
            models.Index(
                fields=["state"], name="message_trouble", condition=Q(state__in=["uncertain", "dead"])
            ),
            models.Index(fields=["about_kind", "about_id"], name="message_about"),
            models.Index(fields=["settled_at"], name="message_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def choice(self) -> str:
        """Under which choice somebody may do without this mail; empty when they may not."""
        return OPTIONAL.get(self.kind, "") if self.recipient_id is not None else ""

    @property
    def has_links(self) -> bool:
        """Whether its bytes hold tokens, and so must not lie about once it is sent (C-15)."""
        return bool(self.links or self.choice)

    @property
    def about(self) -> tuple[str, int] | None:
        """What the mail is about, as it was given to ``queue``."""
        return None if self.about_id is None else (self.about_kind, self.about_id)


class ActionLink(models.Model):
    """A link in a mail that lets one person do one thing about one object, once (C-15).

    Only the SHA-256 of its token is stored; the token itself exists in the recipient's mail alone.
    """

    token_sha256 = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    purpose = models.CharField(_("purpose"), max_length=40)
    person_id = models.BigIntegerField(_("person"), null=True, db_index=True)
    about_kind = models.CharField(_("about"), max_length=40, blank=True, default="")
    about_id = models.BigIntegerField(_("about (number)"), null=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="minted", verbose_name=_("e-mail"))
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = ActionLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("action link")
        verbose_name_plural = _("action links")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None), name="action_link_used_or_revoked"
            ),
            models.CheckConstraint(
                condition=Q(about_kind="", about_id=None) | (~Q(about_kind="") & Q(about_id__isnull=False)),
                name="action_link_about_both_or_none",
            ),
        ]
        indexes = [models.Index(fields=["about_kind", "about_id"], name="action_link_about")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def about(self) -> tuple[str, int] | None:
        return None if self.about_id is None else (self.about_kind, self.about_id)


class _MailChoice(models.Model):
    """What somebody has said about one kind of mail."""

    person_id = models.BigIntegerField(_("person"), db_index=True)
    choice = models.CharField(_("mail"), max_length=10, choices=Choosable)
    since = models.DateTimeField(_("since"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.choice


class MailRefusal(_MailChoice):
    """Somebody wants no optional mail of one kind. Who wants all of it has no row."""

    class Meta:
        verbose_name = _("refused mail")
        verbose_name_plural = _("refused mail")
        constraints = [
            models.UniqueConstraint(fields=["person_id", "choice"], name="mail_refusal_once"),
            models.CheckConstraint(
                condition=Q(choice__in=Choosable.values), name="mail_refusal_choice_known"
            ),
        ]


class MailWish(_MailChoice):
    """Somebody has asked for a mail that nobody gets unasked (decision 22)."""

    class Meta:
        verbose_name = _("wished mail")
        verbose_name_plural = _("wished mail")
        constraints = [
            models.UniqueConstraint(fields=["person_id", "choice"], name="mail_wish_once"),
            models.CheckConstraint(condition=Q(choice__in=ON_WISH), name="mail_wish_choice_known"),
        ]


class Relay(models.Model):
    """The mail server as all workers see it: one row, so that one worker's failure spares the others.

    Not the mails' fault: while it is open no mail is tried and none loses an attempt.
    """

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True)
    retry_at = models.DateTimeField(_("next try"), null=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail server")

    def __str__(self) -> str:
        return self.name
