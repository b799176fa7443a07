-- Services of one organization whose names resemble each other, found without comparing each with each. Written by
-- hand: Prisma has no words for an index on an expression, nor for the operators of an extension.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE INDEX service_similar_name_idx ON service USING gist (organization_id, plain_text(name) gist_trgm_ops);
