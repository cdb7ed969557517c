"""Addresses of recruitment, nominations and selection."""

from django.urls import path

from nominations.views import (
    answers,
    apply,
    imports,
    links,
    nominations,
    records,
    recruitment,
    reviews,
    reviving,
    selection,
    sending,
)

app_name = "nominations"
urlpatterns = [
    # Window and places
    path("cohorts/<slug:slug>/recruitment/", recruitment.RecruitmentView.as_view(), name="recruitment"),
    path("cohorts/<slug:slug>/recruitment/window/", recruitment.WindowUpdateView.as_view(), name="recruitment-window"),
    path("cohorts/<slug:slug>/recruitment/<str:code>/none/", recruitment.NoNomineesView.as_view(), name="places-none"),
    path(
        "cohorts/<slug:slug>/recruitment/<str:code>/after-all/",
        recruitment.NomineesAfterAllView.as_view(),
        name="places-after-all",
    ),
    # Nominations
    path("cohorts/<slug:slug>/nominations/", nominations.NominationListView.as_view(), name="nomination-list"),
    path("cohorts/<slug:slug>/nominations/new/", nominations.NominationCreateView.as_view(), name="nomination-create"),
    path("cohorts/<slug:slug>/nominations/import/", imports.NominationImportView.as_view(), name="nomination-import"),
    path(
        "cohorts/<slug:slug>/nominations/import/template/<str:language>/<str:kind>/",
        imports.NominationTemplateView.as_view(),
        name="nomination-template",
    ),
    path(
        "cohorts/<slug:slug>/nominations/<str:reference>/",
        nominations.NominationDetailView.as_view(),
        name="nomination-detail",
    ),
    path(
        "cohorts/<slug:slug>/nominations/<str:reference>/withdraw/",
        nominations.NominationWithdrawView.as_view(),
        name="nomination-withdraw",
    ),
    path(
        "cohorts/<slug:slug>/nominations/<str:reference>/link/<str:purpose>/",
        sending.LinkSendView.as_view(),
        name="link-send",
    ),
    path(
        "cohorts/<slug:slug>/nominations/<str:reference>/revive/",
        reviving.NominationReviveView.as_view(),
        name="nomination-revive",
    ),
    path(
        "cohorts/<slug:slug>/nominations/<str:reference>/merge/<str:other>/",
        nominations.NominationMergeView.as_view(),
        name="nomination-merge",
    ),
    # Applying by oneself
    path("apply/<slug:slug>/", apply.ApplyView.as_view(), name="apply"),
    path("apply/<slug:slug>/thanks/", apply.AppliedView.as_view(), name="applied"),
    # Answers, by link or signed in
    path("link/", links.LinkLostView.as_view(), name="link-lost"),
    path("link/<str:secret>/", links.LinkEnterView.as_view(), name="link-enter"),
    path("answers/<str:reference>/nominee/", answers.NomineePartView.as_view(), name="nominee-part"),
    path("answers/<str:reference>/nominee/decline/", answers.NomineeDeclineView.as_view(), name="nominee-decline"),
    path("answers/<str:reference>/line-manager/", answers.EndorsementView.as_view(), name="endorsement"),
    path("cohorts/<slug:slug>/nominations/<str:reference>/offer/", answers.OfferView.as_view(), name="offer"),
    # Selection
    path("cohorts/<slug:slug>/selection/", selection.SelectionView.as_view(), name="selection"),
    path("cohorts/<slug:slug>/selection/criteria/", selection.CriteriaView.as_view(), name="selection-criteria"),
    path("cohorts/<slug:slug>/selection/panel/", selection.PanelView.as_view(), name="selection-panel"),
    path(
        "cohorts/<slug:slug>/selection/panel/<str:reference>/leave/",
        selection.PanelLeaveView.as_view(),
        name="panel-leave",
    ),
    path("cohorts/<slug:slug>/selection/assign/", selection.AssignView.as_view(), name="selection-assign"),
    path("cohorts/<slug:slug>/selection/release/", selection.ReleaseView.as_view(), name="selection-release"),
    path(
        "cohorts/<slug:slug>/selection/reviews/<int:pk>/recuse/",
        selection.ReviewRecuseView.as_view(),
        name="review-recuse",
    ),
    path("cohorts/<slug:slug>/selection/records/", records.RecordListView.as_view(), name="record-list"),
    path("cohorts/<slug:slug>/selection/records/new/", records.RecordCreateView.as_view(), name="record-create"),
    path(
        "cohorts/<slug:slug>/selection/records/<int:pk>/<str:language>/<str:kind>/",
        records.RecordDownloadView.as_view(),
        name="record-download",
    ),
    path("cohorts/<slug:slug>/selection/<str:reference>/", selection.DecisionView.as_view(), name="decision"),
    path(
        "cohorts/<slug:slug>/selection/<str:reference>/take-back/",
        selection.DecisionTakeBackView.as_view(),
        name="decision-take-back",
    ),
    # A reviewer's own
    path("reviews/", reviews.ReviewListView.as_view(), name="review-list"),
    path("reviews/<int:pk>/", reviews.ReviewView.as_view(), name="review"),
    path("reviews/<int:pk>/abstain/", reviews.ReviewAbstainView.as_view(), name="review-abstain"),
]
