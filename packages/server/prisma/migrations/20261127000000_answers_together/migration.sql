-- Answers that come at the same moment are taken by one statement. Each is still taken with the credential that it spends, or
-- neither is.
DROP FUNCTION submit_response(uuid, uuid, timestamptz, bytea, bytea, integer[], jsonb);

-- Takes answers to a campaign, each with the credential that it spends: both or neither. The lists have an element for each, in
-- one order; answers are written as arrays of integers, and texts are told by the place of what they belong to, from 1. Of
-- each comes back: `counted`; `repeated` for the same answer with the same credential; `spent` for another answer; `closed`
-- where none is taken at that moment.
CREATE FUNCTION submit_responses(
  campaign_id uuid, moments timestamptz[], organization_ids uuid[], credentials bytea[], fingerprints bytea[], answers text[],
  texts jsonb
) RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asked campaign;
  outcomes text[];
BEGIN
  PERFORM pg_advisory_xact_lock_shared(campaign_lock(submit_responses.campaign_id));
  SELECT * INTO asked FROM campaign WHERE id = submit_responses.campaign_id;
  IF asked.status IS DISTINCT FROM 'open' THEN
    RETURN array_fill('closed'::text, ARRAY[cardinality(credentials)]);
  END IF;
  WITH given AS (
    SELECT place, organization_id, credential, fingerprint, answer,
      row_number() OVER (PARTITION BY credential ORDER BY place) = 1 AS is_first,
      moment >= asked.opens_at AND moment < asked.closes_at AND EXISTS (SELECT FROM campaign_organization invited
        WHERE invited.campaign_id = asked.id AND invited.organization_id = each.organization_id) AS is_open
    FROM unnest(moments, organization_ids, credentials, fingerprints, submit_responses.answers) WITH ORDINALITY
      AS each(moment, organization_id, credential, fingerprint, answer, place)
  ), spent AS (
    -- In one order everywhere: two statements that spend the same credentials wait for each other, and not in a circle.
    INSERT INTO spent_credential (campaign_id, hash, fingerprint)
      SELECT asked.id, credential, fingerprint FROM given WHERE is_open AND is_first ORDER BY credential
      ON CONFLICT DO NOTHING RETURNING hash
  ), counted AS (
    SELECT given.* FROM given JOIN spent ON spent.hash = given.credential WHERE is_first
  ), stored AS (
    INSERT INTO response (network_id, campaign_id, organization_id, answers)
      SELECT asked.network_id, asked.id, organization_id, answer::integer[] FROM counted
  ), written AS (
    INSERT INTO response_text (network_id, campaign_id, question, text)
      SELECT asked.network_id, asked.id, question, text
      FROM counted JOIN jsonb_to_recordset(texts) AS said(place bigint, question text, text text) USING (place)
  )
  SELECT array_agg(CASE WHEN NOT given.is_open THEN 'closed' WHEN counted.place IS NOT NULL THEN 'counted' END ORDER BY given.place)
    INTO outcomes FROM given LEFT JOIN counted USING (place);
  -- What another statement spent meanwhile is seen by the next alone.
  IF array_position(outcomes, NULL) IS NOT NULL THEN
    SELECT array_agg(coalesce(outcome, CASE WHEN EXISTS (SELECT FROM spent_credential spent WHERE spent.campaign_id = asked.id
        AND spent.hash = each.credential AND spent.fingerprint = each.fingerprint) THEN 'repeated' ELSE 'spent' END) ORDER BY place)
      INTO outcomes
      FROM unnest(outcomes, credentials, fingerprints) WITH ORDINALITY AS each(outcome, credential, fingerprint, place);
  END IF;
  RETURN outcomes;
END $$;
REVOKE EXECUTE ON FUNCTION submit_responses(uuid, timestamptz[], uuid[], bytea[], bytea[], text[], jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submit_responses(uuid, timestamptz[], uuid[], bytea[], bytea[], text[], jsonb) TO welfare_network_app;
