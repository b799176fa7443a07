-- CreateEnum
CREATE TYPE "directory_kind" AS ENUM ('taxonomy', 'taxonomy_term', 'unit', 'meta_table_description', 'organization', 'program', 'location', 'service', 'service_at_location', 'contact', 'phone', 'organization_identifier', 'url', 'address', 'accessibility', 'schedule', 'holiday_schedule', 'language', 'funding', 'service_area', 'required_document', 'cost_option', 'service_capacity', 'attribute');

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "retired_on" DATE;

-- CreateTable
CREATE TABLE "directory_draft" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "entity" "directory_kind" NOT NULL,
    "organization_id" UUID,
    "holder_id" UUID,
    "data" JSONB NOT NULL,
    "record_version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "directory_draft_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "directory_draft_network_id_changed_at_idx" ON "directory_draft"("network_id", "changed_at");

-- CreateIndex
CREATE INDEX "directory_draft_organization_id_idx" ON "directory_draft"("organization_id");

-- CreateIndex
CREATE INDEX "directory_draft_holder_id_idx" ON "directory_draft"("holder_id");

-- AddForeignKey
ALTER TABLE "directory_draft" ADD CONSTRAINT "directory_draft_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory_draft" ADD CONSTRAINT "directory_draft_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "directory_draft" ADD CONSTRAINT "directory_draft_holder_id_fkey" FOREIGN KEY ("holder_id") REFERENCES "directory_draft"("id") ON DELETE CASCADE ON UPDATE CASCADE;
