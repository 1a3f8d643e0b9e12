-- The trigger's function asks whether the residence is current anyway; every statement reads a WHEN anew, so a short one
-- makes single arrivals cheaper.

DROP TRIGGER residence_guardian ON registry.residence;
CREATE TRIGGER residence_guardian
    AFTER INSERT ON registry.residence
    FOR EACH ROW WHEN (new.guardian_person_id IS NOT NULL)
    EXECUTE FUNCTION residency.residence_guardian();
