-- What stands still from the opening on: the hour at which a campaign closes, too, and the campaign itself, which goes with its
-- network alone. Nobody makes one that is open already.
CREATE OR REPLACE FUNCTION guard_campaign() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'draft' THEN
      RAISE EXCEPTION 'A campaign begins as a draft.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.status <> 'draft' AND EXISTS (SELECT FROM network WHERE id = OLD.network_id) THEN
      RAISE EXCEPTION 'A campaign that was opened stands still: it goes with its network alone.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('open', 'closed'), ('closed', 'released')) THEN
    RAISE EXCEPTION 'A campaign that is % can''t become %.', OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'draft' AND (NEW.network_id, NEW.organization_id, NEW.survey_version_id, NEW.earlier_campaign_id, NEW.opens_at,
      NEW.closes_at, NEW.plan, NEW.thresholds, NEW.counting, NEW.demonstration)
    IS DISTINCT FROM (OLD.network_id, OLD.organization_id, OLD.survey_version_id, OLD.earlier_campaign_id, OLD.opens_at,
      OLD.closes_at, OLD.plan, OLD.thresholds, OLD.counting, OLD.demonstration) THEN
    RAISE EXCEPTION 'What a campaign asks and shows stands still from its opening on.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER guard_campaign ON campaign;
CREATE TRIGGER guard_campaign BEFORE INSERT OR UPDATE OR DELETE ON campaign FOR EACH ROW EXECUTE FUNCTION guard_campaign();

-- Asked of the network itself: a campaign that is being deleted is not to be found any more.
CREATE OR REPLACE FUNCTION guard_release() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF OLD.status = 'released' AND (TG_OP = 'UPDATE' OR EXISTS (SELECT FROM network WHERE id = OLD.network_id)) THEN
    RAISE EXCEPTION 'What was released is never changed.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;

-- PostgreSQL keeps samples of what columns hold for its planner, which outlive their rows.
ALTER TABLE response ALTER COLUMN answers SET STATISTICS 0;
ALTER TABLE response_text ALTER COLUMN question SET STATISTICS 0, ALTER COLUMN text SET STATISTICS 0;
ALTER TABLE spent_credential ALTER COLUMN hash SET STATISTICS 0, ALTER COLUMN fingerprint SET STATISTICS 0;
ALTER TABLE invitation ALTER COLUMN code_hash SET STATISTICS 0, ALTER COLUMN blinded_hash SET STATISTICS 0;

-- Rows that were deleted stay in the files, with the transactions that wrote them, until they are vacuumed. Of these tables that is
-- as soon as PostgreSQL looks, however few they are; where the role may, it is at once (running/sweep-answers.ts).
ALTER TABLE response SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE response_text SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE spent_credential SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
ALTER TABLE invitation SET (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0);
DO $$ BEGIN
  IF current_setting('server_version_num')::integer >= 170000 THEN
    GRANT MAINTAIN ON response, response_text, spent_credential, invitation TO welfare_network_app;
  END IF;
END $$;

-- As before, but that what came at a moment at which nothing is taken doesn't stand before what came in time with the same
-- credential.
CREATE OR REPLACE FUNCTION submit_responses(
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
  WITH came AS (
    SELECT place, organization_id, credential, fingerprint, answer,
      moment >= asked.opens_at AND moment < asked.closes_at AND EXISTS (SELECT FROM campaign_organization invited
        WHERE invited.campaign_id = asked.id AND invited.organization_id = each.organization_id) AS is_open
    FROM unnest(moments, organization_ids, credentials, fingerprints, submit_responses.answers) WITH ORDINALITY
      AS each(moment, organization_id, credential, fingerprint, answer, place)
  ), given AS (
    SELECT *, row_number() OVER (PARTITION BY credential, is_open ORDER BY place) = 1 AS is_first FROM came
  ), spent AS (
    -- In one order everywhere: two statements that spend the same credentials wait for each other, and not in a circle.
    INSERT INTO spent_credential (campaign_id, hash, fingerprint)
      SELECT asked.id, credential, fingerprint FROM given WHERE is_open AND is_first ORDER BY credential
      ON CONFLICT DO NOTHING RETURNING hash
  ), counted AS (
    SELECT given.* FROM given JOIN spent ON spent.hash = given.credential WHERE is_open AND is_first
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

-- The hash of a release is of what only some may read, too: without something that nobody knows it would confirm guesses.
ALTER TABLE release ADD COLUMN salt BYTEA;
