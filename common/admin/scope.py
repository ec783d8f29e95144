"""What lists, forms, inlines and filters share: only rows that the user may know of (C-02, C-05)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

#: State machines move by services only; no form ever offers them.
STATE_FIELDS: Final = ("state", "stage")


def scoped(queryset: Any, user: Any) -> Any:
    """The rows of ``queryset`` that this user may know of.

    Raises:
        ImproperlyConfigured: the model does not say who sees its rows; there is no default.
    """
    narrow = getattr(queryset, "visible_to", None)
    if narrow is None:
        raise ImproperlyConfigured(f"{queryset.model._meta.label} has no visible_to(user) on its queryset.")
    return narrow(user)


class ScopedRelatedFilter(admin.RelatedFieldListFilter):
    """A list filter whose choices are the related rows that the user may know of."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = scoped(field.remote_field.model._default_manager.all(), request.user)
        return [(row.pk, str(row)) for row in rows.order_by(*rows.model._meta.ordering)]


class ScopedValuesFilter(admin.AllValuesFieldListFilter):
    """A list filter on a plain field, offering the values of the user's own rows."""

    def __init__(
        self, field: Any, request: HttpRequest, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self.lookup_choices = _values_of(model_admin, request)[field_path]  # type: ignore[assignment]


def _values_of(model_admin: Any, request: HttpRequest) -> Mapping[str, Sequence[Any]]:
    """The values of every such filter of a list, in one pass over its rows however many filters there are."""
    kept = getattr(request, "_filter_values", None)
    if kept is None:
        paths = model_admin.value_filter_paths(request)
        rows = list(model_admin.get_queryset(request).order_by().values_list(*paths).distinct())
        columns = zip(*rows, strict=True) if rows else ([] for _path in paths)
        kept = {
            path: sorted(set(column), key=lambda value: (value is None, value))
            for path, column in zip(paths, columns, strict=True)
        }
        request._filter_values = kept  # type: ignore[attr-defined]
    return kept


class Scoped:
    """What lists, forms and inlines share."""

    allows_add = True
    allows_change = True
    #: Rows disappear by services that know what hangs on them; an admin that may delete says so.
    allows_delete = False
    #: Only people who operate the server.
    operators_only = False

    def may_enter(self, request: HttpRequest) -> bool:
        """Whether the site lets this user in; it asks once a request (C-04)."""
        allowed: bool = self.admin_site.has_permission(request)  # type: ignore[attr-defined]
        return allowed and (not self.operators_only or request.user.is_superuser)

    @staticmethod
    def acting(request: HttpRequest) -> Any:
        """The person behind the log-in, for a service's ``by``; None for an operator outside the roster."""
        return getattr(request.user, "person", None)

    def get_queryset(self, request: HttpRequest) -> Any:
        return scoped(super().get_queryset(request), request.user)  # type: ignore[misc]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> Any:
        related = db_field.remote_field.model._default_manager.using(db)
        found = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        return scoped(related.all() if found is None else found, request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if "queryset" in kwargs:
            kwargs["queryset"] = scoped(kwargs["queryset"], request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if "queryset" in kwargs:
            kwargs["queryset"] = scoped(kwargs["queryset"], request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(super().get_readonly_fields(request, obj))  # type: ignore[misc]
        names = {field.name for field in self.opts.get_fields()}  # type: ignore[attr-defined]
        return [*own, *(name for name in STATE_FIELDS if name in names and name not in own)]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_enter(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows_change and self.may_enter(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows_delete and self.may_enter(request)
