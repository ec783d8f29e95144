"""Addresses of the portal."""

from django.urls import path

from portal.views import (
    contact,
    dates,
    delegate,
    evaluations,
    home,
    info,
    invitation,
    meetings,
    pairs,
    profile,
    proposals,
    settings,
)

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("invitation/", invitation.show_invitation, name="invitation"),
    path("i/<str:token>/", invitation.open_invitation, name="invitation-link"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("pairs/<int:pk>/", pairs.pair, name="pair"),
    path("pairs/<int:pk>/end/", pairs.end, name="pair-end"),
    path("pairs/<int:pk>/plan/", meetings.plan, name="meeting-plan"),
    path("pairs/<int:pk>/slot/", meetings.plan_slot, name="meeting-slot"),
    path("pairs/<int:pk>/held/", meetings.held, name="meeting-held"),
    path("meetings/<int:pk>/move/", meetings.move, name="meeting-move"),
    path("meetings/<int:pk>/cancel/", meetings.cancel, name="meeting-cancel"),
    path("meetings/<int:pk>/record/", meetings.record, name="meeting-record"),
    path("meetings/<int:pk>/meeting.ics", meetings.calendar, name="meeting-calendar"),
    path("evaluations/<int:pk>/", evaluations.answer, name="evaluation"),
    path("evaluations/<int:pk>/<int:part>/", evaluations.answer, name="evaluation-part"),
    path("evaluations/<int:pk>/thanks/", evaluations.thanks, name="evaluation-thanks"),
    path("evaluations/<int:pk>/results/", evaluations.results, name="evaluation-results"),
    path("talk/", contact.talk, name="talk"),
    path("talk/<int:pk>/withdraw/", contact.withdraw, name="talk-withdraw"),
    path("requests/", contact.inbox, name="contact-requests"),
    path("requests/<int:pk>/done/", contact.close, name="contact-request-close"),
    path("dates/", dates.overview, name="dates"),
    path("dates/<int:pk>/plan/", dates.plan, name="dates-plan"),
    path("dates/<int:pk>/move/", dates.move, name="dates-move"),
    path("profile/delegate/", delegate.delegate, name="delegate"),
    path("profile/", profile.profile, name="profile"),
    path("kept/", profile.kept, name="kept"),
    path("help/", info.help_page, name="help"),
    path("accessibility/", info.accessibility, name="accessibility"),
    path("settings/language/", settings.set_language, name="set-language"),
    path("settings/theme/", settings.set_theme, name="set-theme"),
]
