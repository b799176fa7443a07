-- The chain of the audit log. An act is told at any point of a transaction, into audit_act, and becomes the next entry when
-- the transaction commits. Only then is the lock taken that puts entries in one order, so it is held for no longer than the
-- commit, and nothing that the application locks is waited for under it: it can't be part of a deadlock. An act of a
-- transaction that is rolled back was never told, and leaves no gap.

-- What an act may say. No value fits in here, and of people nothing that would tell one from another: an entry can't be
-- taken back, so whatever it said of a person could never be erased.
ALTER TABLE audit_act
  ADD CONSTRAINT audit_act_action CHECK (action ~ '^[a-z_]{1,50}\.[a-z_]{1,50}$'),
  ADD CONSTRAINT audit_act_record CHECK (record_key ~ '^[0-9a-z_:-]{1,100}$'),
  ADD CONSTRAINT audit_act_request CHECK (request_id ~ '^[A-Za-z0-9._-]{1,100}$'),
  ADD CONSTRAINT audit_act_actor CHECK ((actor_kind IN ('partner', 'staff')) = (actor_reference IS NOT NULL)),
  ADD CONSTRAINT audit_act_person CHECK (actor_kind <> 'person' OR (record_key IS NULL AND request_id IS NULL));

-- What is hashed: JSON as RFC 8785 writes it (names in order, nothing that could be written in two ways). The same is
-- written in src/domains/trace/verify-audit.ts, which so needs to trust nothing that is in the database.
CREATE FUNCTION audit_canonical_form(entry audit_entry) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT '{"action":' || to_json(entry.action)
    || ',"actorKind":' || to_json(entry.actor_kind::text)
    || ',"actorReference":' || coalesce(to_json(entry.actor_reference::text)::text, 'null')
    || ',"moment":' || to_json(to_char(entry.moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    || ',"networkId":' || coalesce(to_json(entry.network_id::text)::text, 'null')
    || ',"position":' || entry.position
    || ',"previous":' || to_json(encode(entry.previous, 'hex'))
    || ',"recordKey":' || coalesce(to_json(entry.record_key)::text, 'null')
    || ',"requestId":' || coalesce(to_json(entry.request_id)::text, 'null')
    || '}'
$$;

-- Runs as the owner of the tables: the application's role may tell acts and read entries, and nothing else.
CREATE FUNCTION append_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last audit_entry;
  entry audit_entry;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_entry', 0));
  SELECT * INTO last FROM audit_entry ORDER BY position DESC LIMIT 1;
  entry.position := coalesce(last.position, 0) + 1;
  entry.moment := clock_timestamp();
  entry.network_id := NEW.network_id;
  entry.actor_kind := NEW.actor_kind;
  entry.actor_reference := NEW.actor_reference;
  entry.action := NEW.action;
  entry.record_key := NEW.record_key;
  entry.request_id := NEW.request_id;
  entry.previous := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
  entry.hash := sha256(convert_to(audit_canonical_form(entry), 'UTF8'));
  INSERT INTO audit_entry VALUES (entry.*);
  DELETE FROM audit_act WHERE id = NEW.id;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER append_audit_entry AFTER INSERT ON audit_act
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_audit_entry();

-- Entries are kept for ten years (see src/retention.ts), and until then nobody takes one away, whatever rights a role has.
CREATE FUNCTION audit_kept_since() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT now() - interval '10 years' $$;

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.moment < audit_kept_since() THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'The audit log only grows: % is refused.', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER refuse_audit_change BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER refuse_audit_truncation BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- Takes the oldest entries away, at most `batch`, as far as they are past their time; returns how many. The log itself says
-- up to which entry and what its hash was, so that the chain can be verified from the next one on. The last entry stays.
CREATE FUNCTION shorten_audit(batch integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  last audit_entry;
  removed integer;
BEGIN
  SELECT * INTO last FROM audit_entry
  WHERE position < coalesce(
    (SELECT min(position) FROM (SELECT * FROM audit_entry ORDER BY position LIMIT batch) AS oldest WHERE moment >= audit_kept_since()),
    (SELECT least(min(position) + batch, max(position)) FROM audit_entry))
  ORDER BY position DESC LIMIT 1;
  IF last.position IS NULL THEN
    RETURN 0;
  END IF;
  DELETE FROM audit_entry WHERE position <= last.position;
  GET DIAGNOSTICS removed = ROW_COUNT;
  INSERT INTO audit_act (actor_kind, action, record_key)
  VALUES ('server', 'audit.shorten', last.position || ':' || encode(last.hash, 'hex'));
  RETURN removed;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'welfare_network_app') THEN
    REVOKE ALL ON audit_entry, audit_act FROM welfare_network_app;
    GRANT SELECT ON audit_entry TO welfare_network_app;
    GRANT INSERT ON audit_act TO welfare_network_app;
    GRANT USAGE ON SEQUENCE audit_act_id_seq TO welfare_network_app;
  END IF;
END $$;
