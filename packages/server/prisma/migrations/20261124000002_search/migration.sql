-- What a search reads: one document a service, the words that documents are made of, and where locations lie.
-- Written by hand. All of it is derived and stands in a schema of its own, which Prisma does not look at; triggers
-- keep it true whatever writes the tables that it is derived from.
CREATE SCHEMA derived;
CREATE EXTENSION IF NOT EXISTS btree_gist;

DROP INDEX service_words_idx;
DROP FUNCTION service_words(text, text, text, text);

-- Italian without accents, so that caffe finds caffè, and highlights show the text as it was written.
CREATE TEXT SEARCH CONFIGURATION italian_plain (COPY = pg_catalog.italian);
ALTER TEXT SEARCH CONFIGURATION italian_plain
  ALTER MAPPING FOR asciiword, word, asciihword, hword, hword_asciipart, hword_part WITH unaccent, italian_stem;

-- The stem that the gender and number of an Italian word leave alone: anziano, anziana, anziani, anziane.
-- Savoy's light stemmer; Snowball's, which the documents use, goes further but takes anziano and anziani apart.
CREATE FUNCTION derived.light_stem(word text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN CASE WHEN length(word) < 5 THEN word ELSE regexp_replace(word, '(i[aeio]|h[ei]|[aeio])$', '') END;

-- A service as a search sees it: words by weight (A its name, B its needs, C what it says of itself, D where and
-- around it), and the places that it serves as lexemes of their own: @004003 a municipality, @territory all of them.
CREATE TABLE derived.service_search (
  service_id uuid PRIMARY KEY REFERENCES service ON DELETE CASCADE,
  network_id uuid NOT NULL,
  document   tsvector NOT NULL
);
CREATE INDEX service_search_document_idx ON derived.service_search USING gin (document);

-- Whether a document of a network has words. Without a setting PostgreSQL would read the table until it meets one, which
-- for a rare word is all of it.
CREATE FUNCTION derived.has_words(network uuid, words tsquery) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE SET enable_seqscan = off
  AS $$ SELECT EXISTS (SELECT FROM derived.service_search WHERE network_id = network AND document @@ words) $$;

-- The words of all documents, for other forms and for what was mistyped. A word that no document has any more may
-- stay: a search asks whether it leads anywhere.
CREATE TABLE derived.search_word (
  network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
  word       text NOT NULL,
  stem       text NOT NULL GENERATED ALWAYS AS (derived.light_stem(word)) STORED,
  PRIMARY KEY (network_id, word)
);
CREATE INDEX search_word_stem_idx ON derived.search_word (network_id, stem);
CREATE INDEX search_word_near_idx ON derived.search_word USING gist (network_id, word gist_trgm_ops);

-- The first words of names, while somebody types them.
CREATE FUNCTION derived.name_words(name text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN to_tsvector('pg_catalog.simple', public.plain_text(left(name, 10000)));
CREATE INDEX service_name_words_idx ON service USING gin (derived.name_words(name));
CREATE INDEX organization_name_words_idx ON organization USING gin (derived.name_words(name));

-- Distance is measured on a sphere of the earth's mean radius (6371.0088 km, IUGG), by the haversine formula.
CREATE FUNCTION derived.kilometres(latitude_a float8, longitude_a float8, latitude_b float8, longitude_b float8) RETURNS float8
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN 2 * 6371.0088 * asin(least(1, sqrt(
    sind((latitude_b - latitude_a) / 2) ^ 2 +
    cosd(latitude_a) * cosd(latitude_b) * sind((longitude_b - longitude_a) / 2) ^ 2)));
CREATE INDEX location_point_idx ON location USING gist (point(longitude, latitude))
  WHERE latitude IS NOT NULL AND longitude IS NOT NULL;

-- Writes the documents of services anew. Their rows are locked first, so that of two writers the second sees what the
-- first has done. Text beyond 50,000 characters is not searched: a document has room for a megabyte.
CREATE FUNCTION derived.refresh_services(ids uuid[]) RETURNS void
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM FROM service WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;

  WITH fresh AS MATERIALIZED (
    SELECT service.id AS service_id, service.network_id,
      left(concat_ws(' ', service.name, service.alternate_name), 10000) AS name,
      left(concat_ws(' ', needs.names, terms.names), 50000) AS needs,
      left(concat_ws(' ', needs.names_en, terms.names), 50000) AS needs_en,
      concat_ws(' ', left(service.description, 50000), left(service.eligibility_description, 50000),
        left(concat_ws(' ', organization.name, organization.alternate_name), 10000)) AS body,
      concat_ws(' ', left(needs.descriptions, 50000), left(places.names, 10000)) AS around,
      (SELECT string_agg(DISTINCT place, ' ') FROM unnest(places.served || areas.served) AS place)::tsvector AS places
    FROM service
    JOIN organization ON organization.id = service.organization_id
    LEFT JOIN LATERAL (
      SELECT string_agg(concat_ws(' ', area.name_it, parent.name_it), ' ' ORDER BY area.id) AS names,
        string_agg(concat_ws(' ', area.name_en, parent.name_en), ' ' ORDER BY area.id) AS names_en,
        string_agg(area.description_it, ' ' ORDER BY area.id) AS descriptions
      FROM service_need_area answered
      JOIN need_area area ON area.id = answered.need_area_id
      LEFT JOIN need_area parent ON parent.id = area.parent_id
      WHERE answered.service_id = service.id) needs ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(term.name, ' ' ORDER BY term.id) AS names
      FROM attribute JOIN taxonomy_term term ON term.id = attribute.taxonomy_term_id
      WHERE attribute.link_entity = 'service' AND attribute.link_id = service.id) terms ON true
    LEFT JOIN LATERAL (
      SELECT string_agg(location.name, ' ' ORDER BY presence.id) AS names,
        array_agg(format('''@%s'':1B', location.municipality_code)) FILTER (WHERE location.municipality_code IS NOT NULL) AS served
      FROM service_at_location presence JOIN location ON location.id = presence.location_id
      WHERE presence.service_id = service.id) places ON true
    LEFT JOIN LATERAL (
      SELECT array_agg(CASE WHEN area.whole_territory THEN '''@territory'':1D'
        ELSE format('''@%s'':1C', area.municipality_code) END) AS served
      FROM service_area area
      WHERE area.service_id = service.id AND (area.whole_territory OR area.municipality_code IS NOT NULL)) areas ON true
    WHERE service.id = ANY (ids)
  ), written AS (
    INSERT INTO derived.service_search AS search (service_id, network_id, document)
    SELECT service_id, network_id,
      setweight(to_tsvector('public.italian_plain', name), 'A')
      || setweight(to_tsvector('public.italian_plain', needs), 'B')
      || setweight(to_tsvector('pg_catalog.english', public.plain_text(needs_en)), 'B')
      || setweight(to_tsvector('public.italian_plain', body), 'C')
      || setweight(to_tsvector('public.italian_plain', around), 'D')
      || coalesce(places, '')
    FROM fresh
    ON CONFLICT (service_id) DO UPDATE SET document = excluded.document
      WHERE search.document IS DISTINCT FROM excluded.document
  )
  INSERT INTO derived.search_word (network_id, word)
  SELECT network_id, word FROM (
    SELECT DISTINCT network_id, unnest(tsvector_to_array(to_tsvector('pg_catalog.simple',
      public.plain_text(concat_ws(' ', name, needs, needs_en, body, around))))) AS word
    FROM fresh) used
  WHERE word ~ '^[[:alpha:]]{3,40}$'
  -- In one order, so that of two writers one waits for the other, and never both.
  ORDER BY network_id, word
  ON CONFLICT DO NOTHING;
END $$;

-- What a transaction has made stale: one row a statement, gone again before the transaction ends, so that nobody
-- else ever sees it.
CREATE UNLOGGED TABLE derived.stale (service_ids uuid[] NOT NULL);

CREATE FUNCTION derived.refresh_stale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids uuid[];
BEGIN
  WITH taken AS (DELETE FROM derived.stale RETURNING service_ids)
  SELECT array_agg(DISTINCT id) INTO ids FROM taken, unnest(taken.service_ids) AS id;
  IF ids IS NOT NULL THEN PERFORM derived.refresh_services(ids); END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER refresh_stale AFTER INSERT ON derived.stale
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION derived.refresh_stale();

-- Remembers the services whose documents the changed rows are part of; the argument is the query for their keys,
-- over `changed`.
CREATE FUNCTION derived.mark_stale() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE changed text := CASE TG_OP
  WHEN 'INSERT' THEN 'TABLE after_change'
  WHEN 'DELETE' THEN 'TABLE before_change'
  ELSE '(TABLE before_change EXCEPT TABLE after_change) UNION ALL (TABLE after_change EXCEPT TABLE before_change)' END;
BEGIN
  EXECUTE format('WITH changed AS (%s), marked (id) AS (%s)
    INSERT INTO derived.stale SELECT array_agg(DISTINCT id) FROM marked HAVING count(*) > 0', changed, TG_ARGV[0]);
  RETURN NULL;
END $$;

DO $$
DECLARE part record;
BEGIN
  FOR part IN SELECT * FROM (VALUES
    ('service', 'SELECT id FROM changed'),
    ('organization', 'SELECT service.id FROM changed JOIN service ON service.organization_id = changed.id'),
    ('service_need_area', 'SELECT service_id FROM changed'),
    ('need_area', 'SELECT service_id FROM service_need_area WHERE need_area_id IN (
      SELECT area.id FROM need_area area JOIN changed ON changed.id IN (area.id, area.parent_id))'),
    ('attribute', 'SELECT link_id FROM changed WHERE link_entity = ''service'' AND taxonomy_term_id IS NOT NULL'),
    ('taxonomy_term', 'SELECT link_id FROM attribute JOIN changed ON changed.id = attribute.taxonomy_term_id
      WHERE link_entity = ''service'''),
    ('service_at_location', 'SELECT service_id FROM changed'),
    ('location', 'SELECT service_id FROM changed JOIN service_at_location ON location_id = changed.id'),
    ('service_area', 'SELECT service_id FROM changed WHERE service_id IS NOT NULL')
  ) AS parts (name, services) LOOP
    EXECUTE format('CREATE TRIGGER mark_stale_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS after_change
      FOR EACH STATEMENT EXECUTE FUNCTION derived.mark_stale(%L)', part.name, part.services);
    EXECUTE format('CREATE TRIGGER mark_stale_update AFTER UPDATE ON %I REFERENCING OLD TABLE AS before_change NEW TABLE AS after_change
      FOR EACH STATEMENT EXECUTE FUNCTION derived.mark_stale(%L)', part.name, part.services);
    EXECUTE format('CREATE TRIGGER mark_stale_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS before_change
      FOR EACH STATEMENT EXECUTE FUNCTION derived.mark_stale(%L)', part.name, part.services);
  END LOOP;
END $$;

SELECT derived.refresh_services(array(SELECT id FROM service));
