-- DropIndex
DROP INDEX "service_organization_id_idx";

-- DropIndex
DROP INDEX "service_need_area_need_area_id_idx";

-- CreateIndex
CREATE INDEX "service_organization_id_name_id_idx" ON "service"("organization_id", "name", "id");

-- CreateIndex
CREATE INDEX "service_need_area_need_area_id_service_id_idx" ON "service_need_area"("need_area_id", "service_id");
