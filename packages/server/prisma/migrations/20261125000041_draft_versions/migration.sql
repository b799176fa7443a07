-- Drafts are counted as records are. Written by hand: Prisma has no words for triggers.
CREATE TRIGGER count_version BEFORE UPDATE ON directory_draft
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION count_version();
