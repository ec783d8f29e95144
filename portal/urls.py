"""Addresses of the portal."""

from django.urls import path

from portal.views import info, settings

app_name = "portal"
urlpatterns = [
    path("", info.help_page, name="home"),
    path("help/", info.help_page, name="help"),
    path("accessibility/", info.accessibility, name="accessibility"),
    path("settings/language/", settings.set_language, name="set-language"),
    path("settings/theme/", settings.set_theme, name="set-theme"),
]
