-- The wall around answers. The role that the server works as has no right on them at all: it hands an answer in, and asks for
-- the counts of a campaign that is closed, by functions that run as the owner. So nothing that the server could be made to ask
-- reads an answer, and nothing counts before the time.
REVOKE ALL ON response, response_text, spent_credential FROM welfare_network_app;

CREATE TRIGGER count_version BEFORE UPDATE ON survey
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION count_version();
CREATE TRIGGER count_version BEFORE UPDATE ON survey_version
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION count_version();
CREATE TRIGGER count_version BEFORE UPDATE ON campaign
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION count_version();

-- A campaign goes draft → open → closed → released, and what it asks, of whom, and what will be shown of it stands still from
-- its opening on. What was used can't be changed afterwards, whoever asks.
CREATE FUNCTION guard_campaign() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN (('draft', 'open'), ('open', 'closed'), ('closed', 'released')) THEN
    RAISE EXCEPTION 'A campaign that is % can''t become %.', OLD.status, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'draft' AND (NEW.network_id, NEW.organization_id, NEW.survey_version_id, NEW.opens_at, NEW.plan, NEW.thresholds, NEW.demonstration)
      IS DISTINCT FROM (OLD.network_id, OLD.organization_id, OLD.survey_version_id, OLD.opens_at, OLD.plan, OLD.thresholds, OLD.demonstration)
    OR OLD.status <> 'draft' AND NEW.earlier_campaign_id IS DISTINCT FROM OLD.earlier_campaign_id
    OR OLD.status IN ('closed', 'released') AND NEW.closes_at IS DISTINCT FROM OLD.closes_at THEN
    RAISE EXCEPTION 'What a campaign asks and shows stands still from its opening on.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_campaign BEFORE UPDATE ON campaign FOR EACH ROW EXECUTE FUNCTION guard_campaign();

CREATE FUNCTION guard_campaign_organization() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  stands campaign_status := (SELECT status FROM campaign WHERE id = coalesce(NEW.campaign_id, OLD.campaign_id));
BEGIN
  -- Where the campaign is gone, or going with its network, its organizations go with it.
  IF stands IS NULL OR stands = 'draft' OR TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM network WHERE id = OLD.network_id) THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  -- The private key may go, or be sealed anew.
  IF TG_OP = 'UPDATE' AND (NEW.network_id, NEW.campaign_id, NEW.organization_id, NEW.head_count, NEW.joiners, NEW.leavers, NEW.public_key)
    IS NOT DISTINCT FROM (OLD.network_id, OLD.campaign_id, OLD.organization_id, OLD.head_count, OLD.joiners, OLD.leavers, OLD.public_key) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Whom a campaign asks stands still from its opening on.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER guard_campaign_organization BEFORE INSERT OR UPDATE OR DELETE ON campaign_organization
  FOR EACH ROW EXECUTE FUNCTION guard_campaign_organization();

CREATE FUNCTION guard_survey_version() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM campaign WHERE survey_version_id = OLD.id)
    AND (NEW.document, NEW.number, NEW.survey_id) IS DISTINCT FROM (OLD.document, OLD.number, OLD.survey_id) THEN
    RAISE EXCEPTION 'A campaign uses this version.' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_survey_version BEFORE UPDATE ON survey_version FOR EACH ROW EXECUTE FUNCTION guard_survey_version();

-- Answers are taken under a shared lock, and closing waits for those under way: none is lost, and none comes after.
CREATE FUNCTION campaign_lock(campaign_id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE
  RETURN hashtextextended('campaign ' || campaign_id::text, 0);

-- Closing: answers and texts are written anew in random order, under new keys, by one transaction, so that neither their
-- place nor their transaction tells when they came. What could tell who was invited, or signed for, goes.
CREATE FUNCTION shuffle_answers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(campaign_lock(NEW.id));
  WITH taken AS (DELETE FROM response WHERE campaign_id = NEW.id RETURNING *)
  INSERT INTO response (id, network_id, campaign_id, organization_id, answers)
    SELECT gen_random_uuid(), network_id, campaign_id, organization_id, answers FROM taken ORDER BY gen_random_uuid();
  WITH taken AS (DELETE FROM response_text WHERE campaign_id = NEW.id RETURNING *)
  INSERT INTO response_text (id, network_id, campaign_id, question, text)
    SELECT gen_random_uuid(), network_id, campaign_id, question, text FROM taken ORDER BY gen_random_uuid();
  DELETE FROM spent_credential WHERE campaign_id = NEW.id;
  DELETE FROM invitation WHERE campaign_id = NEW.id;
  UPDATE campaign_organization SET private_key = NULL, sealed_with = NULL WHERE campaign_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER shuffle_answers AFTER UPDATE OF status ON campaign
  FOR EACH ROW WHEN (NEW.status = 'closed' AND OLD.status = 'open') EXECUTE FUNCTION shuffle_answers();

-- Takes an answer, with the credential that it spends: both or neither. `counted`; `repeated` for the same answer with the same
-- credential; `spent` for another answer; `closed` where none is taken at that moment.
CREATE FUNCTION submit_response(
  campaign_id uuid, organization_id uuid, moment timestamptz, credential bytea, fingerprint bytea, answers integer[], texts jsonb
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  asked campaign;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(campaign_lock(submit_response.campaign_id));
  SELECT * INTO asked FROM campaign WHERE id = submit_response.campaign_id;
  IF asked.status IS DISTINCT FROM 'open' OR moment < asked.opens_at OR moment >= asked.closes_at OR NOT EXISTS (
    SELECT FROM campaign_organization invited
    WHERE invited.campaign_id = asked.id AND invited.organization_id = submit_response.organization_id) THEN
    RETURN 'closed';
  END IF;
  INSERT INTO spent_credential (campaign_id, hash, fingerprint) VALUES (asked.id, credential, submit_response.fingerprint)
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN CASE WHEN EXISTS (SELECT FROM spent_credential spent WHERE spent.campaign_id = asked.id
      AND spent.hash = credential AND spent.fingerprint = submit_response.fingerprint) THEN 'repeated' ELSE 'spent' END;
  END IF;
  INSERT INTO response (network_id, campaign_id, organization_id, answers)
    VALUES (asked.network_id, asked.id, submit_response.organization_id, submit_response.answers);
  INSERT INTO response_text (network_id, campaign_id, question, text)
    SELECT asked.network_id, asked.id, written.key, written.value FROM jsonb_each_text(texts) AS written;
  RETURN 'counted';
END $$;

-- How many answered, of each organization: to the five below, and nothing below the threshold. A count that went up by one
-- while somebody sat at a screen would tell that they answered.
CREATE FUNCTION count_participation(campaign_ids uuid[])
RETURNS TABLE (campaign_id uuid, organization_id uuid, respondents integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT campaign.id, invited.organization_id, CASE WHEN taken.count >= greatest(5, (campaign.thresholds->>'least')::integer)
    THEN (taken.count / 5 * 5)::integer END
  FROM campaign JOIN campaign_organization invited ON invited.campaign_id = campaign.id
    CROSS JOIN LATERAL (SELECT count(*) FROM response
      WHERE response.campaign_id = campaign.id AND response.organization_id = invited.organization_id) taken
  WHERE campaign.id = ANY (campaign_ids)
$$;

-- PostgreSQL lets everybody call a new function.
REVOKE EXECUTE ON FUNCTION submit_response(uuid, uuid, timestamptz, bytea, bytea, integer[], jsonb), count_participation(uuid[]),
  shuffle_answers(), campaign_lock(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION submit_response(uuid, uuid, timestamptz, bytea, bytea, integer[], jsonb), count_participation(uuid[])
  TO welfare_network_app;
