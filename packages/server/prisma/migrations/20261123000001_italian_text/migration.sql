-- Italian full text over services. Written by hand: Prisma has no words for functions and expression indexes.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Text without case and accents. unaccent() is only STABLE because its dictionary could be changed; naming the
-- dictionary makes the promise that an index needs.
CREATE FUNCTION plain_text(words text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(public.unaccent('public.unaccent'::regdictionary, words));

-- What a search looks into, the name above the rest.
CREATE FUNCTION service_words(name text, alternate_name text, description text, eligibility text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN setweight(to_tsvector('pg_catalog.italian', plain_text(coalesce(name, '') || ' ' || coalesce(alternate_name, ''))), 'A')
      || setweight(to_tsvector('pg_catalog.italian', plain_text(coalesce(description, ''))), 'B')
      || setweight(to_tsvector('pg_catalog.italian', plain_text(coalesce(eligibility, ''))), 'C');

CREATE INDEX service_words_idx ON service
  USING gin (service_words(name, alternate_name, description, eligibility_description));
