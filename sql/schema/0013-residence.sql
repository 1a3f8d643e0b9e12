-- Residences: who lives where, from which day to which, and how that became known.

CREATE TABLE registry.residence (
    residence_id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id            bigint NOT NULL REFERENCES registry.person,
    dwelling_id          bigint NOT NULL CONSTRAINT residence_dwelling_id_fkey REFERENCES registry.dwelling,
    arrived_on           date NOT NULL,
    departed_on          date,
    period               daterange NOT NULL GENERATED ALWAYS AS (daterange(arrived_on, departed_on)) STORED,
    state                text COLLATE "C" NOT NULL DEFAULT 'reported',
    reason               text COLLATE "C",
    intended_stay        text COLLATE "C",
    place_kind           text COLLATE "C",
    guardian_person_id   bigint REFERENCES registry.person,
    channel              text COLLATE "C" NOT NULL DEFAULT 'window',
    reporter_person_id   bigint REFERENCES registry.person,
    reporter_credit_code residency.credit_code,
    reported_at          timestamptz NOT NULL DEFAULT now(),
    half_year_from       date NOT NULL,
    division             residency.division_code NOT NULL REFERENCES code.division,
    grid_id              bigint REFERENCES registry.grid,
    follows_id           bigint REFERENCES registry.residence,
    verified_at          timestamptz,
    closed_at            timestamptz,
    close_reason         text,
    -- That state and departure agree is for residence_arrive and residence_change: the CHECK for it, prepared anew
    -- in every statement, costs a tenth of an arrival.
    -- Past stays exclude each other here, open ones in residence_one_current; what keeps the two apart is
    -- residency.residence_arrive(). One exclusion over all would be shorter and make arrivals half as fast.
    CONSTRAINT residence_no_overlap
        EXCLUDE USING gist (person_id WITH =, period WITH &&) WHERE (state IN ('moved', 'departed', 'auto_closed'))
);
COMMENT ON TABLE registry.residence IS
    'Residences: a person in a dwelling during a time (居住登记). At one moment a person lives in one place; registrations are closed or voided, never deleted';
COMMENT ON COLUMN registry.residence.residence_id IS 'Key';
COMMENT ON COLUMN registry.residence.person_id IS 'Who lives there (居住人)';
COMMENT ON COLUMN registry.residence.dwelling_id IS 'Where (房屋)';
COMMENT ON COLUMN registry.residence.arrived_on IS 'Day of arrival (到达日期)';
COMMENT ON COLUMN registry.residence.departed_on IS 'Day of departure (离开日期); NULL while the person lives there';
COMMENT ON COLUMN registry.residence.period IS 'From the day of arrival up to but not including the day of departure; empty for a stay that ended on its first day';
COMMENT ON COLUMN registry.residence.state IS 'State, list residence_state (登记状态); reported, verifying and active are current';
COMMENT ON COLUMN registry.residence.reason IS 'Reason of the stay, list residence_reason (居住事由)';
COMMENT ON COLUMN registry.residence.intended_stay IS 'How long it is meant to last, list intended_stay (拟居住期限)';
COMMENT ON COLUMN registry.residence.place_kind IS 'Kind of place, list place_kind (居住处所)';
COMMENT ON COLUMN registry.residence.guardian_person_id IS 'Guardian of a minor (监护人), registered in the same dwelling';
COMMENT ON COLUMN registry.residence.channel IS 'By which way it was reported, list channel (申报渠道)';
COMMENT ON COLUMN registry.residence.reporter_person_id IS 'Who reported it, where that is another person: a landlord, a grid worker (申报人)';
COMMENT ON COLUMN registry.residence.reporter_credit_code IS 'Who reported it, where that is an organisation: an employer, a hotel, an agency (申报单位)';
COMMENT ON COLUMN registry.residence.reported_at IS 'When it was reported (申报时间)';
COMMENT ON COLUMN registry.residence.half_year_from IS 'The day from which the half-year of a residence permit counts (半年起算日): the day of the report, or that of the residence this one follows without a break';
COMMENT ON COLUMN registry.residence.division IS 'Division of the dwelling at arrival (到达时区划)';
COMMENT ON COLUMN registry.residence.grid_id IS 'Grid of the dwelling at arrival (到达时网格)';
COMMENT ON COLUMN registry.residence.follows_id IS 'The residence that this one continues without a break (承接的登记)';
COMMENT ON COLUMN registry.residence.verified_at IS 'When it was verified (核实时间)';
COMMENT ON COLUMN registry.residence.closed_at IS 'When it was closed, rejected or voided in the register (办结时间)';
COMMENT ON COLUMN registry.residence.close_reason IS 'Why it was closed, rejected or voided (注销或作废原因)';

CREATE UNIQUE INDEX residence_one_current ON registry.residence (person_id)
    WHERE state IN ('reported', 'verifying', 'active');
COMMENT ON INDEX registry.residence_one_current IS 'One person lives in one place (一人一处在住登记)';
CREATE INDEX residence_person_id_idx ON registry.residence (person_id);
COMMENT ON INDEX registry.residence_person_id_idx IS 'Residences of a person';
CREATE INDEX residence_dwelling_id_idx ON registry.residence (dwelling_id);
COMMENT ON INDEX registry.residence_dwelling_id_idx IS 'Residents of a dwelling, past and present';

CREATE TRIGGER residence_arrive
    BEFORE INSERT ON registry.residence
    FOR EACH ROW EXECUTE FUNCTION residency.residence_arrive();
CREATE TRIGGER residence_arrive_again
    BEFORE UPDATE ON registry.residence
    FOR EACH ROW WHEN (new.arrived_on < old.arrived_on
                       OR old.departed_on IS NOT NULL AND (new.departed_on IS NULL OR new.departed_on > old.departed_on))
    EXECUTE FUNCTION residency.residence_arrive();
CREATE TRIGGER residence_change
    BEFORE UPDATE ON registry.residence
    FOR EACH ROW EXECUTE FUNCTION residency.residence_change();
-- a family may arrive in one statement, in any order: so guardians are judged when all are in
CREATE TRIGGER residence_guardian
    AFTER INSERT ON registry.residence
    FOR EACH ROW WHEN (new.guardian_person_id IS NOT NULL AND new.departed_on IS NULL)
    EXECUTE FUNCTION residency.residence_guardian();
CREATE TRIGGER residence_guardian_again
    AFTER UPDATE ON registry.residence
    FOR EACH ROW WHEN (new.guardian_person_id IS NOT NULL AND new.departed_on IS NULL
                       AND (old.departed_on IS NOT NULL OR new.guardian_person_id IS DISTINCT FROM old.guardian_person_id))
    EXECUTE FUNCTION residency.residence_guardian();
CREATE TRIGGER residence_keep
    BEFORE DELETE OR TRUNCATE ON registry.residence
    FOR EACH STATEMENT EXECUTE FUNCTION residency.residence_keep();
