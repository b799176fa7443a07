-- Counts once through the answers without taking them apart: a row for each answer of each response, sorted into groups by all
-- that tells them apart, was most of the time. Now a response finds its group once, and the counts of the group go up in place.
DROP FUNCTION count_answers(uuid);

-- Counts the answers of a campaign that is closed: for each organization and each set of recodes of the campaign's `counting`
-- (releasing/counting.ts), how many gave an answer that has each of its meanings. `categories` has an element for each recode:
-- null where it is of all. `counts` has an element for each meaning from `first_meaning` on. Meanings and categories are counted
-- from 0.
CREATE FUNCTION count_answers(campaign_id uuid)
RETURNS TABLE (organization_id uuid, categories smallint[], first_meaning integer, counts integer[])
-- Counts of many groups have to find room, and compiling so long a statement takes longer than it saves.
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '256MB' SET jit = off AS $$
DECLARE
  -- A statement has at most 1,664 columns.
  at_once CONSTANT integer := 1000;
  asked campaign;
  judged integer;  -- how many things are judged of a response as a whole; they stand before its answers
  recodes text;    -- columns r0, r1, … with what they are
  names text;      -- their names
  sets text;
  places text;     -- columns p1, p2, … with what is at each place
  meanings text;   -- columns m1, m2, … with how many have each meaning
  sums text;
BEGIN
  SELECT * INTO asked FROM campaign WHERE id = count_answers.campaign_id;
  IF asked.status IS DISTINCT FROM 'closed' AND asked.status IS DISTINCT FROM 'released' THEN
    RAISE EXCEPTION 'Nothing is counted of a campaign that is not closed.' USING ERRCODE = 'check_violation';
  END IF;
  judged := jsonb_array_length(asked.counting->'judged');
  SELECT coalesce(string_agg(format(', %s AS r%s', first_true_sql(each), place - 1), '' ORDER BY place), ''),
      coalesce(string_agg(format(', r%s', place - 1), '' ORDER BY place), '')
    INTO recodes, names
    FROM jsonb_array_elements(asked.counting->'recodes') WITH ORDINALITY AS listed(each, place);
  SELECT string_agg(format('(organization_id%s)',
      (SELECT string_agg(format(', r%s', each::integer), '' ORDER BY each) FROM jsonb_array_elements_text(grouping) AS one(each))), ', ')
    INTO sets FROM jsonb_array_elements(asked.counting->'groupings') AS listed(grouping);

  FOR start IN 0 .. jsonb_array_length(asked.counting->'meanings') - 1 BY at_once LOOP
    WITH meaning AS (
      SELECT number, (each->>'place')::integer AS place, (each->>'from')::integer AS low, (each->>'to')::integer AS high
      FROM jsonb_array_elements(asked.counting->'meanings') WITH ORDINALITY AS listed(each, number)
      WHERE number > start AND number <= start + at_once
    )
    SELECT string_agg(format(', count(*) FILTER (WHERE p%s BETWEEN %s AND %s) AS m%s', place, low, high, number), '' ORDER BY number),
        string_agg(format('sum(m%s)', number), ', ' ORDER BY number),
        (SELECT string_agg(format(', %s AS p%s', CASE WHEN place <= judged
            THEN first_true_sql(asked.counting->'judged'->(place - 1)->'of') ELSE format('answers[%s]', place - judged) END, place), '')
          FROM (SELECT DISTINCT place FROM meaning) AS used)
      INTO meanings, sums, places FROM meaning;
    RETURN QUERY EXECUTE format($sql$
      WITH finest AS (
        SELECT organization_id %1$s %2$s
        FROM (
          -- OFFSET: so that what is at a place is looked up once for a response, not for each meaning that it may have.
          SELECT organization_id %3$s %4$s FROM response WHERE campaign_id = $1 OFFSET 0
        ) AS told
        GROUP BY organization_id %1$s
      )
      SELECT organization_id, ARRAY[%5$s]::smallint[], $2, ARRAY[%6$s]::integer[]
      FROM finest GROUP BY GROUPING SETS (%7$s)
    $sql$, names, meanings, recodes, places, ltrim(names, ', '), sums, sets) USING asked.id, start;
  END LOOP;
END $$;

REVOKE EXECUTE ON FUNCTION count_answers(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_answers(uuid) TO welfare_network_app;
