"""The base of every list and form on the coordinators' site: nothing outside the user's programmes (C-05).

An admin states its ``fields`` or ``fieldsets``, and its model's queryset offers ``visible_to(user)``. Everything
else follows: rows, choices, filters, search, autocomplete, history, actions, the confirmation of a deletion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects, get_fields_from_path
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from common.models import Versioned

#: State machines move by services only; no form ever offers them.
STATE_FIELDS: Final = ("state", "stage")
#: What may follow a field's path in the address of a filtered list.
_LOOKUPS: Final = ("exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte")


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
        values = model_admin.get_queryset(request).order_by(field_path).values_list(field_path, flat=True)
        self.lookup_choices = values.distinct()


class _Scoped:
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


class ScopedModelAdmin(_Scoped, admin.ModelAdmin):
    """Subclass it for every list on the site; a house test refuses another base.

    Attributes:
        allows_add, allows_change, allows_delete: what the pages offer; deleting is off unless said.
        operators_only: only superusers see the list at all.
        linked_lookups: field paths that links from other pages may filter by, beside ``list_filter``.
    """

    list_per_page = 50
    list_max_show_all = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    linked_lookups: ClassVar[Sequence[str]] = ()

    def __init__(self, model: Any, admin_site: Any) -> None:
        super().__init__(model, admin_site)
        if self.list_editable:
            raise ImproperlyConfigured(f"{type(self).__name__}: lists are not edited in place (C-05).")
        if not (self.fields or self.fieldsets):
            raise ImproperlyConfigured(f"{type(self).__name__} must name its fields (C-03).")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may_enter(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.allows_add and self.may_enter(request)

    # --- rows ---------------------------------------------------------------------------------------

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, held until the form is saved, so that nobody saves between our check and our write."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return found
        self.model._base_manager.select_for_update().get(pk=found.pk)
        return super().get_object(request, object_id, from_field)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404  # the same answer for what is not there and for what is somebody else's (C-01)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Django's form; what a service refuses at the last moment is undone and told, never an error page."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
        except IntegrityError:
            text = _("Somebody else saved something that stands in the way. Nothing was changed.")
            self.message_user(request, text, messages.ERROR)
        return redirect(request.get_full_path())

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with it; a row beyond the user's programmes forbids the deletion and is not named."""
        if self._reaches_beyond(objs, request):
            return [], {}, set(), [gettext("Something that belongs to another programme")]
        return super().get_deleted_objects(objs, request)

    def _reaches_beyond(self, objs: Any, request: HttpRequest) -> bool:
        collector = NestedObjects(using="default", origin=objs)
        collector.collect(objs)
        model: Any
        for model, rows in collector.model_objs.items():
            manager = model._default_manager
            if hasattr(manager.all(), "visible_to"):
                keys = {row.pk for row in rows}
                if scoped(manager.filter(pk__in=keys), request.user).count() != len(keys):
                    return True
        return False

    # --- lists --------------------------------------------------------------------------------------

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [self._scoped_filter(item) for item in super().get_list_filter(request)]

    def _scoped_filter(self, item: Any) -> Any:
        if not isinstance(item, str):
            return item
        field = get_fields_from_path(self.model, item)[-1]
        if field.is_relation:
            return (item, ScopedRelatedFilter)
        ready_made = field.choices or isinstance(field, (models.BooleanField, models.DateField))
        return item if ready_made else (item, ScopedValuesFilter)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the list offers as a filter: any other lookup would answer questions (B-05, C-24)."""
        assert request is not None  # noqa: S101  (Django 5.2 always passes it)
        return any(self._matches(lookup, path) for path in self._filter_paths(request))

    def _filter_paths(self, request: HttpRequest) -> Iterable[str]:
        item: Any
        for item in super().get_list_filter(request):
            if isinstance(item, str):
                yield item
            elif isinstance(item, (tuple, list)):
                yield item[0]
            else:
                yield item.parameter_name
        yield from self.linked_lookups
        if self.date_hierarchy:
            yield from (f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day"))
            yield self.date_hierarchy

    def _matches(self, lookup: str, path: str) -> bool:
        if lookup == path:
            return True
        rest = lookup.removeprefix(f"{path}__")
        rest = rest.removeprefix("id__").removeprefix("pk__")
        return lookup.startswith(f"{path}__") and rest in _LOOKUPS

    def act_on_each(
        self,
        request: HttpRequest,
        rows: Iterable[Any],
        act: Callable[[Any], object],
        *,
        done: Callable[[int], str | Promise],
    ) -> int:
        """An action of a list: one service call a row, one message that says how many and why not.

        Args:
            rows: the chosen rows, scoped already.
            act: calls one service; a ``DomainError`` leaves this row as it was and goes on.
            done: the sentence for a number of rows, made with ``ngettext``.

        Returns:
            How many rows were done.
        """
        count, refusals = 0, Counter[str]()
        for row in rows:
            try:
                with transaction.atomic():
                    act(row)
                count += 1
            except DomainError as refusal:
                refusals[str(refusal)] += 1
        why = [f"{number}\N{MULTIPLICATION SIGN} {reason}" for reason, number in refusals.most_common()]
        level = messages.WARNING if refusals else messages.SUCCESS
        self.message_user(request, " ".join([str(done(count)), *why]), level)
        return count

    # --- two people at once (D-06) --------------------------------------------------------------------

    @property
    def is_versioned(self) -> bool:
        return issubclass(self.model, Versioned)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if self._asks_version(request, obj):
            base = kwargs.get("form", self.form)
            kwargs["form"] = type(base.__name__, (VersionCheck, base), {})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self._asks_version(request, obj):
            return [*fieldsets, (None, {"fields": ["seen_version"], "classes": ["hidden"]})]
        return fieldsets

    def _asks_version(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and self.is_versioned and self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and self.is_versioned:
            obj.version += 1
        super().save_model(request, obj, form, change)


class VersionCheck(forms.ModelForm):
    """A form that knows which version it was opened with; a late save is shown both versions (D-06)."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stored = {name: self._words(name) for name in self.fields if name != "seen_version"}
        self._stored_version = self.instance.version
        self.initial["seen_version"] = self._stored_version

    def clean(self) -> Any:
        cleaned = super().clean()
        seen = self.cleaned_data.get("seen_version")
        if seen is not None and seen != self._stored_version and self.instance.pk:
            self._show_both()
        return cleaned

    def _show_both(self) -> None:
        self.add_error(
            None,
            _(
                "Somebody else saved this while you were working on it. Where the two differ, their version is "
                "named at the field and yours stands in it. Save again to keep what you see."
            ),
        )
        for name in [name for name in self.changed_data if name in self._stored]:
            self.add_error(name, _("Saved in between: “%(theirs)s”.") % {"theirs": self._stored[name]})
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("seen_version")] = str(self._stored_version)

    def _words(self, name: str) -> str:
        """What is stored in a field, as one reads it."""
        try:
            self.instance._meta.get_field(name)
        except FieldDoesNotExist:
            return str(self.get_initial_for_field(self.fields[name], name))
        show = getattr(self.instance, f"get_{name}_display", None)
        value = show() if show else getattr(self.instance, name, None)
        return "–" if value in (None, "") else str(value)


class _ScopedInline(_Scoped):
    """Rows beside their parent. Few by design: an inline without bounds makes a page slow."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.allows_add and self.may_enter(request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Table cells have no visible label, so each control carries its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
        return field


class LabelledFormSet(forms.BaseInlineFormSet):
    """The box that removes a row says so to a screen reader."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = gettext("Remove this row")


class ScopedTabularInline(_ScopedInline, admin.TabularInline):
    formset = LabelledFormSet


class ScopedStackedInline(_ScopedInline, admin.StackedInline):
    formset = LabelledFormSet
