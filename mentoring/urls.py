"""All addresses. Each view declares who may open it (common.policies); a house test walks this table."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

handler500 = "mentoring.errorpages.server_error"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("desk/", admin.site.urls),
    path("", include("portal.urls")),
]

if settings.LOCAL_MODE:
    urlpatterns += []
