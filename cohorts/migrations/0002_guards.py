"""Two rules that span rows, held by the database at commit: five phases in order, and no more associates than places."""

from django.db import migrations

PHASES = """
CREATE FUNCTION phases_are_five_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    the_cohort bigint;
    kinds text[];
    outside boolean;
    cohort_row cohorts_cohort%ROWTYPE;
BEGIN
    IF TG_TABLE_NAME = 'cohorts_cohort' THEN
        the_cohort := NEW.id;
    ELSIF TG_OP = 'DELETE' THEN
        the_cohort := OLD.cohort_id;
    ELSE
        the_cohort := NEW.cohort_id;
    END IF;
    SELECT * INTO cohort_row FROM cohorts_cohort WHERE id = the_cohort;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(kind::text ORDER BY starts_on), bool_or(starts_on < cohort_row.starts_on OR until > cohort_row.until)
        INTO kinds, outside FROM cohorts_phase WHERE cohort_id = the_cohort;
    IF kinds IS DISTINCT FROM ARRAY['inspire', 'learn_and_activate', 'learn_and_explore', 'experiment', 'celebration'] OR outside THEN
        RAISE EXCEPTION 'Cohort % must have its five phases once each, in order, inside its dates.', the_cohort
            USING ERRCODE = 'check_violation', CONSTRAINT = 'phases_are_five_in_order';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER phases_are_five_in_order AFTER INSERT OR UPDATE OR DELETE ON cohorts_phase
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION phases_are_five_in_order();
CREATE CONSTRAINT TRIGGER cohort_has_its_five_phases AFTER INSERT OR UPDATE OF starts_on, until ON cohorts_cohort
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION phases_are_five_in_order();
"""
PHASES_BACK = """
DROP TRIGGER phases_are_five_in_order ON cohorts_phase;
DROP TRIGGER cohort_has_its_five_phases ON cohorts_cohort;
DROP FUNCTION phases_are_five_in_order();
"""

# The cohort row is locked first, so two transactions that take the last place wait for each other.
CAPACITY = """
CREATE FUNCTION capacity_is_never_exceeded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    places integer;
    taken integer;
BEGIN
    IF NEW.status = 'did_not_start' THEN
        RETURN NEW;
    END IF;
    SELECT capacity INTO places FROM cohorts_cohort WHERE id = NEW.cohort_id FOR UPDATE;
    SELECT count(*) INTO taken FROM cohorts_associate
        WHERE cohort_id = NEW.cohort_id AND status <> 'did_not_start' AND id <> NEW.id;
    IF taken >= places THEN
        RAISE EXCEPTION 'Cohort % is full.', NEW.cohort_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_is_never_exceeded';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER capacity_is_never_exceeded BEFORE INSERT OR UPDATE OF status, cohort_id ON cohorts_associate
    FOR EACH ROW EXECUTE FUNCTION capacity_is_never_exceeded();
CREATE FUNCTION capacity_holds_its_associates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.capacity < (SELECT count(*) FROM cohorts_associate WHERE cohort_id = NEW.id AND status <> 'did_not_start') THEN
        RAISE EXCEPTION 'Cohort % has more associates than places.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'capacity_holds_its_associates';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER capacity_holds_its_associates BEFORE UPDATE OF capacity ON cohorts_cohort
    FOR EACH ROW EXECUTE FUNCTION capacity_holds_its_associates();
"""
CAPACITY_BACK = """
DROP TRIGGER capacity_is_never_exceeded ON cohorts_associate;
DROP FUNCTION capacity_is_never_exceeded();
DROP TRIGGER capacity_holds_its_associates ON cohorts_cohort;
DROP FUNCTION capacity_holds_its_associates();
"""


class Migration(migrations.Migration):
    dependencies = [("cohorts", "0001_initial")]
    operations = [migrations.RunSQL(PHASES, PHASES_BACK), migrations.RunSQL(CAPACITY, CAPACITY_BACK)]
