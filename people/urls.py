"""Addresses of signing in, one's own account, people and organisations.

Of allauth's pages only those that we use are here, under its names, so that its code finds them; the rest of allauth
(passwords, making an account, connections) has no address.
"""

from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import include, path

from people.views import account, facts, organisations, people, second_step, sign_in

sign_in_patterns = [
    path("", sign_in.SignInPageView.as_view(), name="account_login"),
    path("", sign_in.SignInPageView.as_view(), name="account_request_login_code"),
    path("code/", sign_in.SignInCodePageView.as_view(), name="account_confirm_login_code"),
    path("second-step/", sign_in.SecondStepPageView.as_view(), name="mfa_authenticate"),
    path("passkey/", sign_in.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("unknown/", sign_in.NotRegisteredPageView.as_view(), name="account_signup"),
    path("closed/", sign_in.InactivePageView.as_view(), name="account_inactive"),
    path("with/<slug:provider_id>/", openid_connect.login, name="openid_connect_login"),
    path("with/<slug:provider_id>/done/", openid_connect.callback, name="openid_connect_callback"),
    path("cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
]

second_step_patterns = [
    path("", second_step.SecondStepIndexPageView.as_view(), name="mfa_index"),
    path("confirm/", second_step.ConfirmByCodePageView.as_view(), name="mfa_reauthenticate"),
    path("confirm/passkey/", second_step.ConfirmByPasskeyPageView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("app/", second_step.SetUpAppPageView.as_view(), name="mfa_activate_totp"),
    path("app/remove/", second_step.RemoveAppPageView.as_view(), name="mfa_deactivate_totp"),
    path("passkeys/add/", second_step.AddPasskeyPageView.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/name/", second_step.RenamePasskeyPageView.as_view(), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", second_step.RemovePasskeyPageView.as_view(), name="mfa_remove_webauthn"),
    path("recovery-codes/", second_step.RecoveryCodesPageView.as_view(), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", second_step.NewRecoveryCodesPageView.as_view(), name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", second_step.RecoveryCodesFileView.as_view(), name="mfa_download_recovery_codes"),
]

account_patterns = [
    path("addresses/", account.AddressesPageView.as_view(), name="account_email"),
    path("addresses/confirm/", account.ConfirmAddressPageView.as_view(), name="account_email_verification_sent"),
    path("second-step/", include(second_step_patterns)),
]

own_patterns = [
    path("account/", account.AccountPageView.as_view(), name="account"),
    path("account/name/", account.NamePageView.as_view(), name="account-name"),
    path("account/language/", account.LanguagePageView.as_view(), name="account-language"),
    path("account/first-question/", account.AskLanguagePageView.as_view(), name="language-ask"),
    path("people/", people.PersonListPageView.as_view(), name="person-list"),
    path("people/new/", people.PersonAddPageView.as_view(), name="person-add"),
    path("people/<slug:reference>/", people.PersonDetailPageView.as_view(), name="person-detail"),
    path("people/<slug:reference>/name/", people.PersonNamePageView.as_view(), name="person-name"),
    path("people/<slug:reference>/language/", people.PersonLanguagePageView.as_view(), name="person-language"),
    path("people/<slug:reference>/address/", facts.AddressRecordPageView.as_view(), name="address-record"),
    path("people/<slug:reference>/employment/new/", facts.EmploymentAddPageView.as_view(), name="employment-add"),
    path(
        "people/<slug:reference>/employment/<int:pk>/end/", facts.EmploymentEndPageView.as_view(), name="employment-end"
    ),
    path("people/<slug:reference>/roles/new/", facts.RoleGivePageView.as_view(), name="role-give"),
    path("people/<slug:reference>/roles/<int:pk>/end/", facts.RoleEndPageView.as_view(), name="role-end"),
    path("people/<slug:reference>/reset/", facts.ResetAskPageView.as_view(), name="reset-ask"),
    path("people/<slug:reference>/reset/confirm/", facts.ResetConfirmPageView.as_view(), name="reset-confirm"),
    path("organisations/", organisations.OrganisationListPageView.as_view(), name="organisation-list"),
    path("organisations/new/", organisations.OrganisationAddPageView.as_view(), name="organisation-add"),
    path("organisations/<slug:code>/", organisations.OrganisationDetailPageView.as_view(), name="organisation-detail"),
    path(
        "organisations/<slug:code>/change/",
        organisations.OrganisationChangePageView.as_view(),
        name="organisation-change",
    ),
]

urlpatterns = [
    path("sign-in/", include(sign_in_patterns)),
    path("sign-out/", sign_in.SignOutPageView.as_view(), name="account_logout"),
    path("account/", include(account_patterns)),
    path("", include((own_patterns, "people"))),
]
