"""All addresses. Each view declares who may open it (common.policies); a house test walks this table."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from mentoring import health

handler404 = "mentoring.errorpages.not_found"
handler500 = "mentoring.errorpages.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("statusz", health.statusz, name="statusz"),
    # identities are bound at the first log-in and by nothing else, so allauth's own pages about them lead on
    path("accounts/3rdparty/", RedirectView.as_view(url=reverse_lazy("mfa_index")), name="identities"),
    path("accounts/3rdparty/<path:rest>", RedirectView.as_view(url=reverse_lazy("mfa_index"))),
    path("accounts/", include("allauth.urls")),
    path("desk/", admin.site.urls),
    path("", include("portal.urls")),
]

if settings.LOCAL_MODE:
    urlpatterns += [
        path("local/", include("mentoring.local.mailpage")),
        path("local/", include("mentoring.local.lookpage")),
    ]
