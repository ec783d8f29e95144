"""Every list and form of the desk begins here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Final, Protocol

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects, get_fields_from_path
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin.scope import Scoped, ScopedRelatedFilter, ScopedValuesFilter, scoped
from common.admin.versions import VersionCheck
from common.errors import DomainError
from common.hooks import declare
from common.models import Versioned


class _OpenedSignature(Protocol):
    def __call__(self, *, person_ids: frozenset[int], user: Any, page: str) -> None: ...


#: Whoever opens somebody's record at the desk is noted, where the programme has agreed to that (B-11).
record_opened = declare(
    "common.record_opened",
    purpose="a page of the desk about somebody was opened by a coordinator: noted where the switch is in force",
    signature=_OpenedSignature.__call__,
)
#: What may follow a field's path in the address of a filtered list.
_LOOKUPS: Final = ("exact", "in", "isnull", "isempty", "gt", "gte", "lt", "lte")


class ScopedModelAdmin(Scoped, admin.ModelAdmin):
    """Subclass it for every list on the site; a house test refuses another base.

    Attributes:
        allows_add, allows_change, allows_delete: what the pages offer; deleting is off unless said.
        operators_only: only superusers see the list at all.
        linked_lookups: field paths that links from other pages may filter by, beside ``list_filter``.
        record_page: what opening a row is called in the log of opened records; empty: a row is nobody's record.
    """

    list_per_page = 50
    list_max_show_all = 100
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    linked_lookups: ClassVar[Sequence[str]] = ()
    record_page = ""

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
        if found is not None and request.method == "GET":
            self._note_opening(request, found)
        if found is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return found
        self.model._base_manager.select_for_update().get(pk=found.pk)
        return super().get_object(request, object_id, from_field)

    def people_of(self, row: Any) -> Iterable[int]:
        """Whose record a row is, by id; asked where ``record_page`` is set."""
        return ()

    def _note_opening(self, request: HttpRequest, row: Any) -> None:
        """Once a request, however often the page asks for its row."""
        page = getattr(request, "_record_page", self.record_page)
        if not page or getattr(request, "_is_noted", False):
            return
        request._is_noted = True  # type: ignore[attr-defined]
        record_opened(person_ids=frozenset(self.people_of(row)), user=request.user, page=page)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """What was changed, by whom; opened like the record itself."""
        if self.record_page:
            request._record_page = "history"  # type: ignore[attr-defined]
        return super().history_view(request, object_id, extra_context)

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

    def value_filter_paths(self, request: HttpRequest) -> list[str]:
        """The fields of the list's filters that offer the values of its own rows."""
        pairs = [item for item in self.get_list_filter(request) if isinstance(item, tuple)]
        return [path for path, kind in pairs if kind is ScopedValuesFilter]

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
            return [*fieldsets, (None, {"fields": ["seen_version", "seen_values"], "classes": ["hidden"]})]
        return fieldsets

    def _asks_version(self, request: HttpRequest, obj: Any) -> bool:
        return obj is not None and self.is_versioned and self.has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and self.is_versioned:
            obj.version += 1
        super().save_model(request, obj, form, change)
