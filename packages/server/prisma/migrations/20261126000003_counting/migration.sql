-- Counting where the answers lie: no answer leaves the database, and nothing is counted but what a campaign said that it would
-- count before it opened.

-- What a campaign counts stands still with the rest.
CREATE OR REPLACE FUNCTION guard_campaign() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('open', 'closed'), ('closed', 'released')) THEN
    RAISE EXCEPTION 'A campaign that is % can''t become %.', OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'draft' AND (NEW.network_id, NEW.organization_id, NEW.survey_version_id, NEW.opens_at, NEW.plan, NEW.thresholds, NEW.counting, NEW.demonstration)
      IS DISTINCT FROM (OLD.network_id, OLD.organization_id, OLD.survey_version_id, OLD.opens_at, OLD.plan, OLD.thresholds, OLD.counting, OLD.demonstration)
    OR OLD.status <> 'draft' AND NEW.earlier_campaign_id IS DISTINCT FROM OLD.earlier_campaign_id
    OR OLD.status IN ('closed', 'released') AND NEW.closes_at IS DISTINCT FROM OLD.closes_at THEN
    RAISE EXCEPTION 'What a campaign asks and shows stands still from its opening on.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

-- A proposition about a response (questionnaire/proposition.ts), as SQL about its array `answers`: true or false, never null.
-- Nothing but numbers of the proposition becomes SQL.
CREATE FUNCTION proposition_sql(proposition jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = public, pg_temp AS $$
DECLARE
  score jsonb := proposition->'score';
  scored text;
BEGIN
  CASE proposition->>'is'
  WHEN 'in' THEN
    RETURN coalesce((
      SELECT '((' || string_agg(format('answers[%s] BETWEEN %s AND %s', (proposition->>'position')::integer,
        (range->>0)::integer, (range->>1)::integer), ' OR ') || ') IS TRUE)'
      FROM jsonb_array_elements(proposition->'ranges') AS range), 'false');
  WHEN 'not' THEN RETURN format('(NOT %s)', proposition_sql(proposition->'of'));
  WHEN 'all' THEN
    RETURN coalesce((SELECT '(' || string_agg(proposition_sql(part), ' AND ') || ')' FROM jsonb_array_elements(proposition->'of') AS part), 'true');
  WHEN 'any' THEN
    RETURN coalesce((SELECT '(' || string_agg(proposition_sql(part), ' OR ') || ')' FROM jsonb_array_elements(proposition->'of') AS part), 'false');
  WHEN 'scored' THEN
    RETURN format('(%s >= %s)', score_sql(score, '1'), (score->>'atLeastAnswered')::integer);
  WHEN 'reached' THEN
    scored := format('(%s >= %s)', score_sql(score, '1'), (score->>'atLeastAnswered')::integer);
    -- S × F and cutOff × A, of proposition.ts
    RETURN format('(%s AND %s * %s %s %s * %s)', scored, score_sql(score, 'value'),
      (SELECT sum((item->>'factor')::bigint) FROM jsonb_array_elements(score->'items') AS item),
      CASE WHEN score->'cutOff' ? 'atLeast' THEN '>=' ELSE '<=' END,
      (coalesce(score->'cutOff'->>'atLeast', score->'cutOff'->>'atMost'))::bigint, score_sql(score, 'factor'));
  END CASE;
END $$;

-- The sum over the items that were answered: of ones, of factors, or of values times factors.
CREATE FUNCTION score_sql(score jsonb, summed text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
SET search_path = public, pg_temp AS $$
  SELECT '(' || string_agg(format('CASE WHEN answers[%1$s] BETWEEN %2$s AND %3$s THEN %4$s ELSE 0 END',
    (item->>'position')::integer, (item->>'min')::integer, (item->>'max')::integer,
    CASE summed
      WHEN '1' THEN '1'
      WHEN 'factor' THEN (item->>'factor')::bigint::text
      WHEN 'value' THEN format(CASE WHEN (item->>'reversed')::boolean THEN '%s * (%s - answers[%s])' ELSE '%1$s * answers[%3$s]' END,
        (item->>'factor')::bigint, (item->>'min')::integer + (item->>'max')::integer, (item->>'position')::integer)
    END), ' + ') || ')::bigint'
  FROM jsonb_array_elements(score->'items') AS item
$$;

-- Which of several propositions is true of a response, from 0; null where none is.
CREATE FUNCTION first_true_sql(propositions jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT
SET search_path = public, pg_temp AS $$
  SELECT '(CASE ' || string_agg(format('WHEN %s THEN %s', proposition_sql(each), place - 1), ' ' ORDER BY place) || ' END)::integer'
  FROM jsonb_array_elements(propositions) WITH ORDINALITY AS listed(each, place)
$$;

-- Counts the answers of a campaign that is closed, once through all of them: for each organization and each set of recodes of the
-- campaign's `counting` (releasing/counting.ts), how many gave each answer of each measure. `categories` has an element for each
-- recode: null where it is of all. Measures, answers and categories are counted from 0.
CREATE FUNCTION count_answers(campaign_id uuid)
RETURNS TABLE (organization_id uuid, categories smallint[], measure integer, answers smallint[], counts integer[])
-- Counts of many groups have to find room, and compiling so long a statement takes longer than it saves.
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '256MB' SET jit = off AS $$
DECLARE
  asked campaign;
  judged text;     -- what has to be judged of a response as a whole
  recodes text;    -- columns r0, r1, … with what they are
  names text;      -- their names
  sets text;
BEGIN
  SELECT * INTO asked FROM campaign WHERE id = count_answers.campaign_id;
  IF asked.status IS DISTINCT FROM 'closed' AND asked.status IS DISTINCT FROM 'released' THEN
    RAISE EXCEPTION 'Nothing is counted of a campaign that is not closed.' USING ERRCODE = 'check_violation';
  END IF;
  SELECT coalesce(string_agg(first_true_sql(each->'of'), ', ' ORDER BY place), '') INTO judged
    FROM jsonb_array_elements(asked.counting->'judged') WITH ORDINALITY AS listed(each, place);
  SELECT coalesce(string_agg(format(', %s AS r%s', first_true_sql(each), place - 1), '' ORDER BY place), ''),
      coalesce(string_agg(format(', r%s', place - 1), '' ORDER BY place), '')
    INTO recodes, names
    FROM jsonb_array_elements(asked.counting->'recodes') WITH ORDINALITY AS listed(each, place);
  SELECT string_agg(format('(organization_id, measure, answer%s)',
      (SELECT string_agg(format(', r%s', each::integer), '' ORDER BY each) FROM jsonb_array_elements_text(grouping) AS one(each))), ', ')
    INTO sets FROM jsonb_array_elements(asked.counting->'groupings') AS listed(grouping);
  -- What was judged stands before the answers, so that each has its place in one list; values that are alike are counted
  -- together, and what they mean is looked up for the counts alone.
  RETURN QUERY EXECUTE format($sql$
    WITH meaning AS (
      SELECT (each->>'place')::bigint AS place, (each->>'from')::integer AS low, (each->>'to')::integer AS high,
        (each->>'measure')::integer AS measure, (each->>'answer')::integer AS answer
      FROM jsonb_array_elements($2) AS each
    ), cells AS (
      SELECT organization_id, place, value, count(*) AS count %2$s
      FROM (
        -- OFFSET: so that a recode is judged once for a response, not for each of its answers.
        SELECT organization_id, ARRAY[%1$s]::integer[] || answers AS said %3$s FROM response WHERE campaign_id = $1 OFFSET 0
      ) AS told,
        unnest(said) WITH ORDINALITY AS listed(value, place)
      GROUP BY organization_id, place, value %2$s
    ), grouped AS (
      SELECT organization_id, measure, answer, sum(count)::integer AS count, ARRAY[%4$s]::smallint[] AS categories
      FROM cells JOIN meaning ON meaning.place = cells.place AND value BETWEEN low AND high
      GROUP BY GROUPING SETS (%5$s)
    )
    SELECT organization_id, categories, measure, array_agg(answer::smallint ORDER BY answer), array_agg(count ORDER BY answer)
    FROM grouped GROUP BY organization_id, categories, measure
  $sql$, judged, names, recodes, ltrim(names, ', '), sets) USING asked.id, asked.counting->'meanings';
END $$;

-- Removes at most so many answers of campaigns whose time was over two years ago; what was released stays.
CREATE FUNCTION forget_answers(most integer) RETURNS integer LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
  WITH over AS (SELECT id FROM campaign WHERE status IN ('closed', 'released') AND closes_at < now() - interval '2 years'),
    texts AS (DELETE FROM response_text WHERE campaign_id IN (SELECT id FROM over)),
    removed AS (DELETE FROM response WHERE id IN (
      SELECT id FROM response WHERE campaign_id IN (SELECT id FROM over) LIMIT most) RETURNING 1)
  SELECT count(*)::integer FROM removed
$$;

REVOKE EXECUTE ON FUNCTION proposition_sql(jsonb), score_sql(jsonb, text), first_true_sql(jsonb), count_answers(uuid),
  forget_answers(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_answers(uuid), forget_answers(integer) TO welfare_network_app;

-- What was released is never written again; but a need area that the network removes is no longer referred to.
CREATE FUNCTION guard_release() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status = 'released' AND (TG_OP = 'UPDATE' OR EXISTS (
    SELECT FROM campaign JOIN network ON network.id = campaign.network_id WHERE campaign.id = OLD.campaign_id)) THEN
    RAISE EXCEPTION 'What was released is never changed.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER guard_release BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION guard_release();

CREATE FUNCTION guard_released() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND EXISTS (SELECT FROM release WHERE id = NEW.release_id AND status = 'released')
    OR TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'need_area_id' <> to_jsonb(OLD) - 'need_area_id' OR NEW.need_area_id IS NOT NULL)
    -- They go with the network alone.
    OR TG_OP = 'DELETE' AND EXISTS (SELECT FROM release JOIN network ON network.id = release.network_id
      WHERE release.id = OLD.release_id AND status = 'released') THEN
    RAISE EXCEPTION 'What was released is never changed.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER guard_released BEFORE INSERT OR UPDATE OR DELETE ON result_table FOR EACH ROW EXECUTE FUNCTION guard_released();
CREATE TRIGGER guard_released BEFORE INSERT OR UPDATE OR DELETE ON critical_theme FOR EACH ROW EXECUTE FUNCTION guard_released();
