"""Every column of ours: does it say something about a living person, or not?

A new column fails tests/test_architecture.py until somebody decides. PERSONAL is what a subject access request must
find and what a deletion must reach; NOT is programme data, or a key that says nothing by itself. A link to a person
is PERSONAL: it says what that person did or was part of.
"""

PERSONAL, NOT = "personal", "not"


def columns(personal: str = "", plain: str = "") -> dict[str, str]:
    """Two lists of column names, separated by spaces."""
    return dict.fromkeys(personal.split(), PERSONAL) | dict.fromkeys(plain.split(), NOT)


MOVE = columns("thing by reason note", "from_status to_status effective_on recorded_at")

FIELDS = {
    "core.AuditEvent": columns("about_ref about_label by_ref by_label details", "at event about_kind"),
    "core.DemoClock": columns("", "days"),
    "messaging.Message": columns(
        "key address name language person about words languages last_error secret_word",
        "kind template due_on late_after secret replay state state_reason attempts next_attempt_at claim claimed_at "
        "handed_over_at message_id queued_at sent_at again_of digest decided_at own_words",
    ),
    "messaging.BadAddress": columns("address person said", "since mended_at"),
    "messaging.Preference": columns("person declined digest opens closes changed_at"),
    "messaging.MessageRule": columns(
        "set_by", "scope kind from_on follows is_on offsets audience stop late_after_days approve_above set_at"
    ),
    "messaging.Approval": columns("approved_by", "scope kind approved_at"),
    "messaging.Wording": columns(
        "changed_en_by changed_cy_by",
        "scope template subject_en body_en subject_cy body_cy changed_en_at changed_cy_at",
    ),
    "messaging.NightRun": columns("", "on started_at finished_at complete replay counts errors"),
    "messaging.Heartbeat": columns("", "at"),
    "correspondence.Announcement": columns(
        "written_by scheduled_by approved_by",
        "reference cohort audience organisation subject_en subject_cy body_en body_cy written_at send_on "
        "needs_approval approved_at cancelled_at welsh_status",
    ),
    "people.Organisation": columns(
        "",
        "code kind name_en name_cy short_en short_cy tile_column tile_row active_from active_until welsh_status",
    ),
    "people.User": columns(
        "reference name email language language_asked_on language_source is_active created_at last_login password",
    ),
    "people.Employment": columns(
        "person organisation job_title directorate working_days line_manager_name line_manager_email starts_on until",
    ),
    "people.Role": columns("person kind organisation starts_on until"),
    "people.SecondStepReset": columns("person reason asked_by asked_at confirmed_by confirmed_at"),
    "cohorts.Programme": columns(
        "",
        "slug name_en name_cy lead contact_email starts_on ends_on target_associates funder_en funder_cy "
        "funder_ends_on welsh_status",
    ),
    "cohorts.Partner": columns("", "programme organisation leads ended_on"),
    "cohorts.TemplatePhase": columns("", "programme kind from_week until_week"),
    "cohorts.Cohort": columns(
        "",
        "programme slug name_en name_cy order starts_on until capacity recruitment_opens_on recruitment_until status "
        "welsh_status",
    ),
    "cohorts.CohortMove": columns("by", "thing reason note from_status to_status effective_on recorded_at"),
    "cohorts.Phase": columns("", "cohort kind starts_on until"),
    "cohorts.Associate": columns("person status enrolled_on", "cohort"),
    "cohorts.AssociateMove": MOVE,
    "cohorts.Agreement": columns("", "kind version title_en title_cy text_en text_cy starts_on welsh_status"),
    "cohorts.AgreementAnswer": columns("agreement person accepted answered_at language"),
    "cohorts.OnboardingTask": columns("associate owner done_at done_by", "kind due_on"),
    "people.Needs": columns("person welsh_in_sessions access_needs told_on"),
    "labs.LabPreference": columns("person lab rank", "cohort"),
    "labs.LabRun": columns("", "cohort lab starts_on until min_size max_size"),
    "labs.RunLead": columns("person", "run starts_on until"),
    "labs.Membership": columns("associate", "run home starts_on until"),
    "labs.SessionSeries": columns("", "cohort starts_on until weekday"),
    "labs.Session": columns(
        "",
        "reference cohort run series kind title_en title_cy about_en about_cy starts_at ends_at mode place_en place_cy "
        "access_en access_cy link link_opens_minutes required status welsh_status",
    ),
    "labs.SessionMove": columns("by", "thing reason note from_status to_status effective_on recorded_at"),
    "labs.SessionChange": columns("by", "session at reason came_from came_to"),
    "labs.SessionLead": columns("person", "session"),
    "planning.Replan": columns("made_by undone_by", "cohort pivot days reason edits stamp made_at undone_at"),
    "labs.Lab": columns("", "slug name_en name_cy teaches_en teaches_cy order welsh_status"),
    "challenges.Theme": columns("", "slug name_en name_cy about_en about_cy order welsh_status"),
    "progress.TemplateMilestone": columns(
        "",
        "programme phase_kind kind title_en title_cy explanation_en explanation_cy required confirmer order due_day "
        "welsh_status",
    ),
    "progress.Milestone": columns(
        "",
        "phase kind title_en title_cy explanation_en explanation_cy required confirmer order due_on retired_on "
        "retired_reason welsh_status",
    ),
    "progress.Completion": columns("associate status asked_of", "milestone"),
    "progress.CompletionMove": MOVE,
    "progress.Evidence": columns("completion text link file_name", "kind file_type file_size given_on given_at"),
    "progress.EvidenceFile": columns("content", ""),
    "progress.PhaseCompletion": columns("associate completed_by", "phase completed_on recorded_at"),
    "nominations.Places": columns("no_nominees_by", "cohort organisation indicative no_nominees_on"),
    "nominations.Nomination": columns(
        "reference person organisation route nominated_by submitted_at submitted_on job_title directorate "
        "line_manager_name line_manager_email themes reason over_places_reason elsewhere_reason status merged_into",
        "cohort",
    ),
    "nominations.NominationMove": MOVE,
    "nominations.NomineePart": columns("nomination answered_at consents working_days statement clashes"),
    "nominations.Endorsement": columns(
        "nomination answered_at by_name by_email endorsed days_a_week substitute comment"
    ),
    "nominations.Link": columns(
        "nomination address entered_at", "purpose nonce secret_hash created_at expires_at revoked_at"
    ),
    "nominations.Criterion": columns("", "cohort name_en name_cy help_en help_cy weight order welsh_status"),
    "nominations.Panellist": columns("person", "cohort added_on left_on"),
    "nominations.Review": columns("nomination reviewer status assigned_on submitted_at comment"),
    "nominations.ReviewMove": MOVE,
    "nominations.Score": columns("review points", "criterion"),
    "nominations.Decision": columns(
        "nomination outcome reason note reserve_until answer_by prepared_by released_by", "prepared_at released_at"
    ),
    "nominations.SelectionRecord": columns("content frozen_by", "cohort frozen_at checksum"),
}
