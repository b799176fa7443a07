-- When services and locations are open: schedules (RFC 5545) in closed form. Written by hand, in the schema of what is
-- derived, which Prisma does not look at.
--
-- A schedule is compiled into rows of derived.opening, one for each day of the week on which it may open; triggers do
-- it, whatever writes the schedule. A row says by arithmetic alone whether it opens on a date, so nothing has a horizon
-- and nothing has to roll forward with time. A schedule that can't be evaluated (no times, no frequency, a rule that is
-- none) has no row.

CREATE TABLE derived.opening (
  schedule_id uuid NOT NULL,
  -- ISO day of the week on which it opens, by the clock below: 1 is Monday.
  weekday     smallint NOT NULL,
  network_id  uuid NOT NULL,
  -- Whom the schedule speaks for: one of the three, the most specific that it names.
  service_id  uuid,
  location_id uuid,
  service_at_location_id uuid,
  -- Minutes from the midnight of that day; closing is more than 1440 after midnight.
  opens       smallint NOT NULL,
  closes      smallint NOT NULL,
  -- The clock: Europe/Rome with daylight saving; or, fixed, UTC+01:00 all year, for times that have an offset.
  fixed       boolean NOT NULL,
  -- Days from the date on which it opens, by the clock, to the date that the rule names, by its own offset.
  day_shift   smallint NOT NULL,
  -- First and last date, by validity, start, until and count; infinite when there is none.
  first_day   date NOT NULL,
  last_day    date NOT NULL,
  -- Every how many weeks or months, counted from the week or month that begins on a date; null when it is every one.
  monthly     boolean NOT NULL,
  every       integer NOT NULL,
  anchor      date,
  -- ISO day on which weeks start.
  week_start  smallint NOT NULL,
  -- Which of its weekdays in the month, which days of the month and year, which weeks; negative from the end, null all.
  ordinals    smallint[],
  month_days  smallint[],
  year_days   smallint[],
  weeks       smallint[],
  PRIMARY KEY (schedule_id, weekday)
);
CREATE INDEX opening_service_idx ON derived.opening (service_id);
CREATE INDEX opening_location_idx ON derived.opening (location_id);
CREATE INDEX opening_service_at_location_idx ON derived.opening (service_at_location_id);

-- What may be open at a time of the week, by whom the opening speaks for.
CREATE INDEX opening_service_time_idx ON derived.opening (network_id, weekday, closes, opens) WHERE service_id IS NOT NULL;
CREATE INDEX opening_location_time_idx ON derived.opening (network_id, weekday, closes, opens) WHERE location_id IS NOT NULL;
CREATE INDEX opening_service_at_location_time_idx ON derived.opening (network_id, weekday, closes, opens)
  WHERE service_at_location_id IS NOT NULL;

-- The few exceptions with other hours, among the many that close.
CREATE INDEX holiday_schedule_other_hours_idx ON holiday_schedule (network_id) WHERE NOT closed;

-- Times ------------------------------------------------------------------------------------------------------------

-- Minutes after midnight of a time of day, HH:MM with anything behind; null when it is none. Seconds round upwards when
-- asked, so that 23:59:59 closes at midnight.
CREATE FUNCTION derived.clock_minutes(clock text, upwards boolean) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN clock ~ '^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?$' THEN
    substr(clock, 1, 2)::integer * 60 + substr(clock, 4, 2)::integer
    + (upwards AND clock ~ '^\d\d:\d\d:(0[1-9]|[1-5])')::integer END;

-- Minutes east of UTC that a time of day carries; null when it carries none.
CREATE FUNCTION derived.clock_offset(clock text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN clock ~ 'Z$' THEN 0
    WHEN clock ~ '[+-]\d\d:\d\d$' THEN
      (left(right(clock, 6), 1) || '1')::integer
      * (substr(right(clock, 6), 2, 2)::integer * 60 + right(clock, 2)::integer) END;

-- Opening and closing as "opening" holds them; no row when a time is missing or none. Closing at or before opening is
-- on the next day. A time's own offset counts more than the schedule's, and that more than the other time's.
CREATE FUNCTION derived.opening_times(opens_at text, closes_at text, hours_east double precision)
  RETURNS TABLE (opens integer, closes integer, fixed boolean, day_shift integer)
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  BEGIN ATOMIC
    SELECT
      start - floor(start / 1440.0)::integer * 1440,
      start - floor(start / 1440.0)::integer * 1440 + (length - 1 + 2 * 2880) % 1440 + 1,
      opens_east IS NOT NULL,
      -floor(start / 1440.0)::integer
    FROM (SELECT
      derived.clock_minutes(opens_at, false) AS opens_clock,
      derived.clock_minutes(closes_at, true) AS closes_clock,
      coalesce(derived.clock_offset(opens_at), round(hours_east * 60)::integer, derived.clock_offset(closes_at)) AS opens_east,
      coalesce(derived.clock_offset(closes_at), round(hours_east * 60)::integer, derived.clock_offset(opens_at)) AS closes_east
      -- No place on Earth is further from UTC.
      WHERE hours_east IS NULL OR hours_east BETWEEN -14 AND 14 OFFSET 0) said
    CROSS JOIN LATERAL (SELECT
      opens_clock + coalesce(60 - opens_east, 0) AS start,
      closes_clock - opens_clock + coalesce(opens_east - closes_east, 0) AS length OFFSET 0) times
    WHERE opens_clock IS NOT NULL AND closes_clock IS NOT NULL
      AND coalesce(opens_east, 0) BETWEEN -840 AND 840 AND coalesce(closes_east, 0) BETWEEN -840 AND 840;
  END;

-- The instant at which clocks in Italy show a date and time. As RFC 5545 says: a time that comes twice is the first of
-- the two, a time that is skipped counts from the offset before. PostgreSQL alone would take the second of the two.
CREATE FUNCTION derived.rome_instant(shown timestamp) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN (shown AT TIME ZONE INTERVAL '2 hours') AT TIME ZONE 'Europe/Rome' = shown
    THEN shown AT TIME ZONE INTERVAL '2 hours' ELSE shown AT TIME ZONE 'Europe/Rome' END;

-- The instant of some minutes after midnight, on either clock of "opening".
CREATE FUNCTION derived.clock_instant(day date, minutes integer, fixed boolean) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN fixed THEN (day + make_interval(mins => minutes)) AT TIME ZONE INTERVAL '1 hour'
    ELSE derived.rome_instant(day + make_interval(mins => minutes)) END;

-- Rules ------------------------------------------------------------------------------------------------------------

-- First day of the week of a date, for weeks that start on an ISO day.
CREATE FUNCTION derived.week_of(day date, week_start integer) RETURNS date
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN day - (extract(isodow FROM day)::integer - week_start + 7) % 7;

-- Which week of its year begins on a date. A week belongs to the year that has most of its days, so to that of its
-- fourth day; the week of 28 December is always the last of its year.
CREATE FUNCTION derived.week_number(week date) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(doy FROM week + 3)::integer - 1) / 7 + 1;

CREATE FUNCTION derived.week_number_from_end(week date, week_start integer) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN derived.week_number(week) - 1
    - derived.week_number(derived.week_of(make_date(extract(year FROM week + 3)::integer, 12, 28), week_start));

CREATE FUNCTION derived.days_in_month(day date) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN extract(day FROM date_trunc('month', day::timestamp) + INTERVAL '1 month' - INTERVAL '1 day')::integer;

CREATE FUNCTION derived.days_in_year(day date) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN extract(doy FROM make_date(extract(year FROM day)::integer, 12, 31))::integer;

-- Whether the rule of an opening names a date that has its weekday, whatever first and last day say. All parts of a
-- rule must hold together.
CREATE FUNCTION derived.rule_names(o derived.opening, day date) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN (o).every = 1 THEN true
      WHEN (o).monthly THEN (
        (extract(year FROM day)::integer - extract(year FROM (o).anchor)::integer) * 12
        + extract(month FROM day)::integer - extract(month FROM (o).anchor)::integer) % (o).every = 0
      ELSE (day - (o).anchor) / 7 % (o).every = 0 END
    AND ((o).ordinals IS NULL
      OR (extract(day FROM day)::integer + 6) / 7 = ANY ((o).ordinals)
      OR (extract(day FROM day)::integer - derived.days_in_month(day)) / 7 - 1 = ANY ((o).ordinals))
    AND ((o).month_days IS NULL
      OR extract(day FROM day)::integer = ANY ((o).month_days)
      OR extract(day FROM day)::integer - derived.days_in_month(day) - 1 = ANY ((o).month_days))
    AND ((o).year_days IS NULL
      OR extract(doy FROM day)::integer = ANY ((o).year_days)
      OR extract(doy FROM day)::integer - derived.days_in_year(day) - 1 = ANY ((o).year_days))
    AND ((o).weeks IS NULL
      OR derived.week_number(derived.week_of(day, (o).week_start)) = ANY ((o).weeks)
      OR derived.week_number_from_end(derived.week_of(day, (o).week_start), (o).week_start) = ANY ((o).weeks));

-- Whether an opening takes place on a date that has its weekday.
CREATE FUNCTION derived.opening_occurs(o derived.opening, day date) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN day BETWEEN (o).first_day AND (o).last_day AND derived.rule_names(o, day);

-- Compiling --------------------------------------------------------------------------------------------------------

-- The numbers of a list such as 1,15,-1: null when there is no list, empty when it is not one of numbers from 1 to most
-- or their negatives.
CREATE FUNCTION derived.rule_numbers(list text, most integer) RETURNS smallint[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN list IS NULL OR trim(list) = '' THEN NULL
    WHEN list !~ '^\s*[+-]?\d{1,3}\s*(,\s*[+-]?\d{1,3}\s*)*$' THEN '{}'
    ELSE (SELECT CASE WHEN bool_and(abs(number) BETWEEN 1 AND most)
        THEN array_agg(DISTINCT number::smallint) ELSE '{}' END
      FROM (SELECT trim(part)::integer AS number FROM regexp_split_to_table(list, ',') part) numbers) END;

CREATE FUNCTION derived.weekday_number(code text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_position(ARRAY['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], upper(code));

-- What a schedule says, as rows of "opening"; no row when it can't be evaluated. The end that count sets is not in it.
CREATE FUNCTION derived.openings_of(s schedule) RETURNS SETOF derived.opening
  LANGUAGE sql STABLE PARALLEL SAFE
  BEGIN ATOMIC
    SELECT (s).id,
      ((named.weekday - 1 - times.day_shift + 14) % 7 + 1)::smallint,
      (s).network_id,
      CASE WHEN (s).service_at_location_id IS NULL THEN (s).service_id END,
      CASE WHEN (s).service_at_location_id IS NULL AND (s).service_id IS NULL THEN (s).location_id END,
      (s).service_at_location_id,
      times.opens::smallint, times.closes::smallint, times.fixed, times.day_shift::smallint,
      greatest((s).valid_from, (s).dtstart, '-infinity'),
      least((s).valid_to, (s).until, 'infinity'),
      rule.monthly, rule.every,
      CASE WHEN rule.every = 1 THEN NULL
        WHEN rule.monthly THEN date_trunc('month', rule.start::timestamp)::date
        ELSE derived.week_of(rule.start, rule.week_start) END,
      rule.week_start::smallint, named.ordinals,
      -- A monthly rule that names no day means the day of the month on which it starts.
      coalesce(rule.month_days, CASE WHEN rule.monthly AND rule.named_by_start AND rule.weeks IS NULL
        THEN ARRAY[extract(day FROM (s).dtstart)::smallint] END),
      rule.year_days, rule.weeks
    FROM derived.opening_times((s).opens_at, (s).closes_at, (s).timezone) times
    CROSS JOIN LATERAL (SELECT
      (s).freq = 'MONTHLY' AS monthly,
      coalesce((s).interval, 1) AS every,
      -- Where dtstart is missing, the schedule starts with its validity.
      coalesce((s).dtstart, (s).valid_from) AS start,
      extract(isodow FROM (s).dtstart)::integer AS start_weekday,
      coalesce(derived.weekday_number((s).wkst::text), 1) AS week_start,
      nullif(upper(regexp_replace((s).byday, '\s', '', 'g')), '') AS days,
      CASE WHEN (s).bymonthday IS NOT NULL THEN derived.rule_numbers((s).bymonthday, 31) END AS month_days,
      CASE WHEN (s).byyearday IS NOT NULL THEN derived.rule_numbers((s).byyearday, 366) END AS year_days,
      CASE WHEN (s).byweekno IS NOT NULL THEN derived.rule_numbers((s).byweekno, 53) END AS weeks OFFSET 0) said
    CROSS JOIN LATERAL (SELECT said.*,
      said.days IS NULL AND said.month_days IS NULL AND said.year_days IS NULL AS named_by_start) rule
    CROSS JOIN LATERAL (
      SELECT derived.weekday_number(right(day, 2)) AS weekday,
        CASE WHEN bool_and(length(day) > 2) THEN array_agg(DISTINCT left(day, -2)::smallint) FILTER (WHERE length(day) > 2) END AS ordinals
      FROM string_to_table(rule.days, ',') day
      WHERE rule.days ~ '^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*$'
      GROUP BY 1
      UNION ALL
      SELECT weekday, NULL FROM generate_series(1, 7) weekday
      WHERE rule.days IS NULL AND CASE
        WHEN NOT rule.named_by_start THEN true
        WHEN NOT rule.monthly OR rule.weeks IS NOT NULL THEN weekday = rule.start_weekday
        ELSE rule.start_weekday IS NOT NULL END) named
    WHERE (s).freq IS NOT NULL
      AND num_nonnulls((s).service_id, (s).location_id, (s).service_at_location_id) > 0
      AND rule.every >= 1 AND coalesce((s).count, 1) >= 1
      AND (rule.start IS NOT NULL OR rule.every = 1 AND (s).count IS NULL)
      AND rule.month_days IS DISTINCT FROM '{}' AND rule.year_days IS DISTINCT FROM '{}'
      AND rule.weeks IS DISTINCT FROM '{}';
  END;

-- The date of the last occurrence that count grants to a schedule whose openings are there; infinity when it is more
-- than a hundred years after the first day.
CREATE FUNCTION derived.last_counted_day(s schedule) RETURNS date
  LANGUAGE sql STABLE
  RETURN coalesce((
    SELECT candidate.day
    FROM (SELECT coalesce((s).dtstart, (s).valid_from) + generate_series(0, 36525) AS day) candidate
    WHERE EXISTS (
      SELECT FROM derived.opening o
      WHERE o.schedule_id = (s).id AND o.weekday = extract(isodow FROM candidate.day - o.day_shift)::smallint
        AND derived.rule_names(o, candidate.day))
    OFFSET (s).count - 1 LIMIT 1), 'infinity');

-- The names of tables in a body of plpgsql are looked up when it runs, and a restore runs with an empty search_path.
CREATE FUNCTION derived.compile_schedules(changed uuid[]) RETURNS void
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM derived.opening WHERE schedule_id = ANY (changed);
  INSERT INTO derived.opening
    SELECT compiled.* FROM schedule, derived.openings_of(schedule) compiled WHERE schedule.id = ANY (changed);
  UPDATE derived.opening o SET last_day = least(o.last_day, counted.day)
    FROM (SELECT id, derived.last_counted_day(schedule) AS day FROM schedule WHERE id = ANY (changed) AND count IS NOT NULL) counted
    WHERE o.schedule_id = counted.id;
END $$;

CREATE FUNCTION derived.follow_schedules() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    TRUNCATE derived.opening;
  ELSIF TG_OP = 'UPDATE' THEN
    PERFORM derived.compile_schedules(ARRAY(SELECT id FROM former UNION SELECT id FROM changed));
  ELSE
    PERFORM derived.compile_schedules(ARRAY(SELECT id FROM changed));
  END IF;
  RETURN NULL;
END $$;

-- One call a statement, however many rows it writes.
CREATE TRIGGER openings_of_new AFTER INSERT ON schedule REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION derived.follow_schedules();
CREATE TRIGGER openings_of_changed AFTER UPDATE ON schedule REFERENCING OLD TABLE AS former NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION derived.follow_schedules();
CREATE TRIGGER openings_of_removed AFTER DELETE ON schedule REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION derived.follow_schedules();
CREATE TRIGGER openings_of_none AFTER TRUNCATE ON schedule
  FOR EACH STATEMENT EXECUTE FUNCTION derived.follow_schedules();

SELECT derived.compile_schedules(ARRAY(SELECT id FROM schedule));

-- Who is open ------------------------------------------------------------------------------------------------------

-- Whose openings speak for whom. For a service at a place: its own there; else the service's; else those of the
-- building. A service's own schedules speak for the service by itself where no place uses them (a telephone line).
CREATE VIEW derived.place_opening AS
  SELECT o.network_id, o.service_id, NULL::uuid AS location_id, NULL::uuid AS service_at_location_id,
    false AS by_building, o.weekday, o.opens, o.closes, o AS opening
  FROM derived.opening o
  WHERE o.service_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM service_at_location place WHERE place.service_id = o.service_id
      AND NOT EXISTS (SELECT FROM derived.opening own WHERE own.service_at_location_id = place.id))
  UNION ALL
  SELECT o.network_id, NULL, o.location_id, NULL, true, o.weekday, o.opens, o.closes, o
  FROM derived.opening o WHERE o.location_id IS NOT NULL
  UNION ALL
  SELECT o.network_id, place.service_id, place.location_id, place.id, false, o.weekday, o.opens, o.closes, o
  FROM derived.opening o JOIN service_at_location place ON place.id = o.service_at_location_id
  WHERE o.service_at_location_id IS NOT NULL
  UNION ALL
  SELECT o.network_id, place.service_id, place.location_id, place.id, false, o.weekday, o.opens, o.closes, o
  FROM derived.opening o JOIN service_at_location place ON place.service_id = o.service_id
  WHERE o.service_id IS NOT NULL AND NOT EXISTS (SELECT FROM derived.opening own WHERE own.service_at_location_id = place.id)
  UNION ALL
  SELECT o.network_id, place.service_id, place.location_id, place.id, true, o.weekday, o.opens, o.closes, o
  FROM derived.opening o JOIN service_at_location place ON place.location_id = o.location_id
  WHERE o.location_id IS NOT NULL AND NOT EXISTS (SELECT FROM derived.opening own WHERE own.service_at_location_id = place.id)
    AND NOT EXISTS (SELECT FROM derived.opening theirs WHERE theirs.service_id = place.service_id);

CREATE FUNCTION derived.month_and_day(day date) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN extract(month FROM day)::integer * 100 + extract(day FROM day)::integer;

-- Whether days of the year, such as 1224, stand within a period; one from Christmas to Epiphany goes over new year.
CREATE FUNCTION derived.within_year(day integer, first integer, last integer) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN first <= last THEN day BETWEEN first AND last ELSE day >= first OR day <= last END;

-- Whether an exception speaks of one of the dates of a period shorter than a year.
CREATE FUNCTION derived.exception_covers(h holiday_schedule, first date, last date) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN (h).yearly THEN
      (h).end_date - (h).start_date >= 365
      OR derived.within_year(derived.month_and_day(first), derived.month_and_day((h).start_date), derived.month_and_day((h).end_date))
      OR derived.within_year(derived.month_and_day((h).start_date), derived.month_and_day(first), derived.month_and_day(last))
    ELSE first <= (h).end_date AND last >= (h).start_date END;

-- Whether an exception cancels what starts on a date: it closes, or gives other hours that take the place of regular ones.
CREATE FUNCTION derived.exception_cancels(h holiday_schedule, regular boolean, day date) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN derived.exception_covers(h, day, day) THEN (h).closed OR regular
    AND derived.clock_minutes((h).opens_at, false) IS NOT NULL AND derived.clock_minutes((h).closes_at, true) IS NOT NULL
    ELSE false END;

-- The other hours of exceptions, and for whom: those of a service hold for it wherever it is given, those of a building
-- for the building and for the services that keep its hours.
CREATE VIEW derived.place_exception AS
  SELECT h.network_id, h.service_id, NULL::uuid AS location_id, NULL::uuid AS service_at_location_id, h AS exception
  FROM holiday_schedule h
  WHERE NOT h.closed AND h.service_id IS NOT NULL AND h.location_id IS NULL
    AND NOT EXISTS (SELECT FROM service_at_location place WHERE place.service_id = h.service_id)
  UNION ALL
  SELECT h.network_id, NULL, h.location_id, NULL, h
  FROM holiday_schedule h WHERE NOT h.closed AND h.service_id IS NULL AND h.location_id IS NOT NULL
  UNION ALL
  SELECT h.network_id, place.service_id, place.location_id, place.id, h
  FROM holiday_schedule h JOIN service_at_location place ON place.service_id = h.service_id
  WHERE NOT h.closed AND (h.location_id IS NULL OR h.location_id = place.location_id)
  UNION ALL
  SELECT h.network_id, place.service_id, place.location_id, place.id, h
  FROM holiday_schedule h JOIN service_at_location place ON place.location_id = h.location_id
  WHERE NOT h.closed AND h.service_id IS NULL
    AND NOT EXISTS (SELECT FROM derived.opening own WHERE own.service_at_location_id = place.id)
    AND NOT EXISTS (SELECT FROM derived.opening theirs WHERE theirs.service_id = place.service_id);

-- Minutes after midnight that the clocks in Italy show.
CREATE FUNCTION derived.rome_minutes(moment timestamptz) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN extract(hour FROM moment AT TIME ZONE 'Europe/Rome')::integer * 60
    + extract(minute FROM moment AT TIME ZONE 'Europe/Rome')::integer;

CREATE FUNCTION derived.rome_day(moment timestamptz) RETURNS date
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (moment AT TIME ZONE 'Europe/Rome')::date;

-- Who is open at a moment: services at their places, services by themselves (location_id is null) and buildings
-- (service_id is null); to be restricted by network_id or one of the others. A row more than once means several
-- openings. The index finds what may be open by its weekday and minutes; an hour of tolerance is for the nights on
-- which clocks change and for times with an offset, then the instants decide.
CREATE FUNCTION derived.open_places(moment timestamptz)
  RETURNS TABLE (network_id uuid, service_id uuid, location_id uuid, service_at_location_id uuid)
  LANGUAGE sql STABLE PARALLEL SAFE
  BEGIN ATOMIC
    SELECT place.network_id, place.service_id, place.location_id, place.service_at_location_id
    FROM derived.place_opening place
    -- OFFSET 0: computed once a row, then used many times.
    CROSS JOIN LATERAL (SELECT
      derived.rome_day(moment) - (extract(isodow FROM derived.rome_day(moment))::integer - place.weekday + 7) % 7 AS day OFFSET 0) starts
    CROSS JOIN LATERAL (SELECT starts.day + (place.opening).day_shift AS day OFFSET 0) named
    WHERE (place.weekday = extract(isodow FROM derived.rome_day(moment))::smallint
          AND place.closes > derived.rome_minutes(moment) - 60 AND place.opens <= derived.rome_minutes(moment) + 60
        OR place.weekday = extract(isodow FROM derived.rome_day(moment) - 1)::smallint
          AND place.closes > derived.rome_minutes(moment) + 1440 - 60
        OR place.weekday = extract(isodow FROM derived.rome_day(moment) - 2)::smallint
          AND place.closes > derived.rome_minutes(moment) + 2880 - 60)
      -- One CASE instead of many conditions: the planner takes each for rare, and all together for impossible.
      AND CASE WHEN derived.clock_instant(starts.day, place.opens, (place.opening).fixed) <= moment
          AND derived.clock_instant(starts.day, place.closes, (place.opening).fixed) > moment
        THEN derived.opening_occurs(place.opening, named.day) ELSE false END
      AND NOT EXISTS (
        SELECT FROM holiday_schedule h WHERE h.service_id = place.service_id
          AND (h.location_id IS NULL OR h.location_id = place.location_id) AND derived.exception_cancels(h, true, named.day))
      AND NOT EXISTS (
        SELECT FROM holiday_schedule h WHERE h.location_id = place.location_id
          AND h.service_id IS NULL AND derived.exception_cancels(h, place.by_building, named.day))
    UNION ALL
    SELECT place.network_id, place.service_id, place.location_id, place.service_at_location_id
    FROM derived.place_exception place
    CROSS JOIN LATERAL derived.opening_times((place.exception).opens_at, (place.exception).closes_at, NULL) times
    CROSS JOIN (VALUES (0), (1), (2)) AS before (days)
    CROSS JOIN LATERAL (SELECT derived.rome_day(moment) - before.days + times.day_shift AS day OFFSET 0) named
    WHERE derived.exception_covers(place.exception, derived.rome_day(moment) - 3, derived.rome_day(moment) + 1)
      AND derived.exception_covers(place.exception, named.day, named.day)
      AND derived.clock_instant(derived.rome_day(moment) - before.days, times.opens, times.fixed) <= moment
      AND derived.clock_instant(derived.rome_day(moment) - before.days, times.closes, times.fixed) > moment
      AND NOT EXISTS (
        SELECT FROM holiday_schedule h WHERE h.service_id = place.service_id
          AND (h.location_id IS NULL OR h.location_id = place.location_id) AND derived.exception_cancels(h, false, named.day))
      AND NOT EXISTS (
        SELECT FROM holiday_schedule h WHERE h.location_id = place.location_id
          AND h.service_id IS NULL AND derived.exception_cancels(h, false, named.day));
  END;

-- Whether exceptions of the service or of the building cancel what starts on a date.
CREATE FUNCTION derived.cancelled(service uuid, location uuid, of_service boolean, of_building boolean, day date) RETURNS boolean
  LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN EXISTS (
      SELECT FROM holiday_schedule h WHERE h.service_id = service
        AND (h.location_id IS NULL OR h.location_id = location) AND derived.exception_cancels(h, of_service, day))
    OR EXISTS (
      SELECT FROM holiday_schedule h WHERE h.location_id = location
        AND h.service_id IS NULL AND derived.exception_cancels(h, of_building, day));
END $$;

-- The next time that an opening begins after a moment. Found when it comes within 28 years, after which the days of the
-- week repeat.
CREATE FUNCTION derived.next_occurrence(
  o derived.opening, service uuid, location uuid, by_building boolean, moment timestamptz,
  OUT opens_at timestamptz, OUT closes_at timestamptz)
  RETURNS SETOF record LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1 COST 50 AS $$
DECLARE
  since date := greatest(derived.rome_day(moment) - 2, o.first_day - 1);
  day date := since + (o.weekday - extract(isodow FROM since)::integer + 7) % 7;
BEGIN
  WHILE day <= least(o.last_day + 1, since + 10234) LOOP
    IF derived.opening_occurs(o, day + o.day_shift) THEN
      opens_at := derived.clock_instant(day, o.opens, o.fixed);
      closes_at := derived.clock_instant(day, o.closes, o.fixed);
      -- One that the skipped hour swallows never opens.
      IF opens_at > moment AND closes_at > opens_at AND NOT derived.cancelled(service, location, true, by_building, day + o.day_shift) THEN
        RETURN NEXT;
        RETURN;
      END IF;
    END IF;
    day := day + 7;
  END LOOP;
END $$;

-- The same of the other hours of an exception, within eight years: the longest time between two leap days.
CREATE FUNCTION derived.next_exception(
  h holiday_schedule, service uuid, location uuid, moment timestamptz,
  OUT opens_at timestamptz, OUT closes_at timestamptz)
  RETURNS SETOF record LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1 COST 50 AS $$
DECLARE
  times record;
  day date := CASE WHEN h.yearly THEN derived.rome_day(moment) - 3 ELSE greatest(derived.rome_day(moment) - 3, h.start_date) END;
  last date := CASE WHEN h.yearly THEN day + 2925 ELSE least(h.end_date, day + 2925) END;
BEGIN
  SELECT * INTO times FROM derived.opening_times(h.opens_at, h.closes_at, NULL);
  IF NOT FOUND THEN RETURN; END IF;
  WHILE day <= last LOOP
    IF derived.exception_covers(h, day, day) THEN
      opens_at := derived.clock_instant(day - times.day_shift, times.opens, times.fixed);
      closes_at := derived.clock_instant(day - times.day_shift, times.closes, times.fixed);
      IF opens_at > moment AND closes_at > opens_at AND NOT derived.cancelled(service, location, false, false, day) THEN
        RETURN NEXT;
        RETURN;
      END IF;
    END IF;
    day := day + 1;
  END LOOP;
END $$;

-- The next time that each opening begins after a moment, to be restricted as above.
CREATE FUNCTION derived.next_openings(moment timestamptz)
  RETURNS TABLE (network_id uuid, service_id uuid, location_id uuid, service_at_location_id uuid,
    opens_at timestamptz, closes_at timestamptz)
  LANGUAGE sql STABLE PARALLEL SAFE
  BEGIN ATOMIC
    SELECT place.network_id, place.service_id, place.location_id, place.service_at_location_id, next.opens_at, next.closes_at
    FROM derived.place_opening place
    CROSS JOIN LATERAL derived.next_occurrence(place.opening, place.service_id, place.location_id, place.by_building, moment) next
    UNION ALL
    SELECT place.network_id, place.service_id, place.location_id, place.service_at_location_id, next.opens_at, next.closes_at
    FROM derived.place_exception place
    CROSS JOIN LATERAL derived.next_exception(place.exception, place.service_id, place.location_id, moment) next;
  END;
