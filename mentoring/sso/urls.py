"""Addresses of single sign-on; allauth puts them below its own."""

from django.urls import path

from mentoring.sso import views

urlpatterns = [
    path("sso/", views.start, name="sso_login"),
    path("sso/callback/", views.callback, name="sso_callback"),
]
