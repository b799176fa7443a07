-- AlterTable
ALTER TABLE "accessibility" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "address" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "attribute" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "contact" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "cost_option" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "funding" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "holiday_schedule" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "language" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "location" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "meta_table_description" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "metadata" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "network" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "network_event" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "organization_identifier" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "phase" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "phone" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "program" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "required_document" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "schedule" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "service" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "service_area" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "service_at_location" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "service_capacity" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "taxonomy" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "taxonomy_term" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "unit" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "url" ADD COLUMN     "record_version" INTEGER NOT NULL DEFAULT 1;

-- The database counts, whoever writes: an import makes the version that somebody knows as old as another's change does.
CREATE FUNCTION count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.record_version := OLD.record_version + 1;
  RETURN NEW;
END $$;

DO $$
DECLARE counted record;
BEGIN
  FOR counted IN
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'record_version'
  LOOP
    EXECUTE format('CREATE TRIGGER count_version BEFORE UPDATE ON %I
      FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION count_version()', counted.name);
  END LOOP;
END $$;
