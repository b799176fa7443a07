-- DropIndex
DROP INDEX "schedule_service_id_idx";

-- DropIndex
DROP INDEX "service_at_location_service_id_idx";

-- CreateIndex
CREATE INDEX "schedule_service_id_id_idx" ON "schedule"("service_id", "id");

-- CreateIndex
CREATE INDEX "service_at_location_service_id_id_idx" ON "service_at_location"("service_id", "id");
