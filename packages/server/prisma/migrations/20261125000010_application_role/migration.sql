-- The role that the server works as, and the wall around what is personal. Written by hand: Prisma has no words for roles
-- and row-level security. The role owns nothing and bypasses nothing, so that a check that somebody forgot in the server
-- finds no rows instead of all.

-- A role belongs to the whole cluster: another database may have made it, or be making it at this moment.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'welfare_network_app') THEN
    CREATE ROLE welfare_network_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The role welfare_network_app is missing, and % may not create roles.', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = format(
        'Let an administrator run: CREATE ROLE welfare_network_app NOLOGIN; GRANT welfare_network_app TO %I;', current_user);
END $$;

-- Whoever migrates may work as the role, so that one login can do both. Where it may not grant that, the server says at its
-- start what an administrator must run.
DO $$
BEGIN
  IF NOT pg_has_role('welfare_network_app', 'MEMBER') THEN
    EXECUTE format('GRANT welfare_network_app TO %I', current_user);
  END IF;
EXCEPTION WHEN insufficient_privilege OR unique_violation THEN NULL;
END $$;

-- Databases that were made before PostgreSQL 15 let everybody create tables here.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, derived TO welfare_network_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, derived TO welfare_network_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public, derived TO welfare_network_app;
-- Triggers keep what is derived in the name of whoever writes, so the role needs the functions too. Those in public, apart from
-- ours, belong to extensions, whose functions are for everybody.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA derived TO welfare_network_app;
GRANT EXECUTE ON FUNCTION plain_text(text) TO welfare_network_app;

-- What the same owner makes in later migrations. Those say themselves what the role may not do there.
ALTER DEFAULT PRIVILEGES IN SCHEMA public, derived GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO welfare_network_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public, derived GRANT USAGE, SELECT ON SEQUENCES TO welfare_network_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA derived GRANT EXECUTE ON FUNCTIONS TO welfare_network_app;

-- The server reads which migrations the database has had; it makes none.
DO $$
BEGIN
  IF to_regclass('public._prisma_migrations') IS NOT NULL THEN
    REVOKE INSERT, UPDATE, DELETE ON public._prisma_migrations FROM welfare_network_app;
  END IF;
END $$;

-- A view reads with the rights of its owner unless it is told to use those of who asks.
ALTER VIEW derived.place_opening SET (security_invoker = true);
ALTER VIEW derived.place_exception SET (security_invoker = true);

-- In whose name a transaction acts: settings that hold until it ends. One that was never made is NULL; one that an earlier
-- transaction of the connection had is an empty text. Both mean nobody. Policies ask by (SELECT acting.…()), which
-- PostgreSQL evaluates once a statement and not once a row.
CREATE SCHEMA acting;

CREATE FUNCTION acting.person_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('welfare.person_id', true), '')::uuid;

CREATE FUNCTION acting.network_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('welfare.network_id', true), '')::uuid;

CREATE FUNCTION acting.organization_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('welfare.organization_id', true), '')::uuid;

-- Hashes of the key that a person has shown: one for each secret that hashes were ever made with.
CREATE FUNCTION acting.person_key_hashes() RETURNS bytea[] LANGUAGE sql STABLE PARALLEL SAFE
  RETURN ARRAY(SELECT decode(hash, 'hex')
    FROM unnest(string_to_array(nullif(current_setting('welfare.person_key_hashes', true), ''), ',')) AS hash);

-- What no person asks for: erasing what has been kept long enough, and whether a secret is still needed.
CREATE FUNCTION acting.is_upkeep() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
  RETURN coalesce(current_setting('welfare.upkeep', true) = 'on', false);

GRANT USAGE ON SCHEMA acting TO welfare_network_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA acting TO welfare_network_app;

-- A person sees, changes and removes their own row. Whoever shows a key finds, renews or makes the row of that key, in
-- the network that the session is opened in.
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;

CREATE POLICY may_read ON person FOR SELECT USING (
  id = (SELECT acting.person_id())
  OR (network_id = (SELECT acting.network_id()) AND key_hash = ANY ((SELECT acting.person_key_hashes())::bytea[]))
  OR (SELECT acting.is_upkeep()));

CREATE POLICY may_insert ON person FOR INSERT WITH CHECK (
  network_id = (SELECT acting.network_id()) AND key_hash = ANY ((SELECT acting.person_key_hashes())::bytea[]));

CREATE POLICY may_update ON person FOR UPDATE USING (
  id = (SELECT acting.person_id())
  OR (network_id = (SELECT acting.network_id()) AND key_hash = ANY ((SELECT acting.person_key_hashes())::bytea[])));

CREATE POLICY may_delete ON person FOR DELETE USING (
  id = (SELECT acting.person_id()) OR (SELECT acting.is_upkeep()));

-- Nobody becomes somebody else, nor moves to another network.
REVOKE UPDATE ON person FROM welfare_network_app;
GRANT UPDATE (key_hash, hashed_with, seen_in) ON person TO welfare_network_app;
