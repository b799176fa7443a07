-- CreateEnum
CREATE TYPE "release_status" AS ENUM ('requested', 'counting', 'protecting', 'released');


-- AlterTable
ALTER TABLE "campaign" ADD COLUMN     "counting" JSONB;

-- CreateTable
CREATE TABLE "release" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "status" "release_status" NOT NULL DEFAULT 'requested',
    "released_on" DATE,
    "hash" BYTEA,
    "earlier" UUID[],

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "result_table" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "organization_id" UUID,
    "position" INTEGER NOT NULL,
    "measure" TEXT NOT NULL,
    "need_area_id" UUID,
    "answers" TEXT[],
    "results" JSONB NOT NULL,

    CONSTRAINT "result_table_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "critical_theme" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "release_id" UUID NOT NULL,
    "organization_id" UUID,
    "position" INTEGER NOT NULL,
    "need_area_id" UUID,
    "need_area_code" TEXT NOT NULL,
    "respondents" INTEGER NOT NULL,
    "critical" INTEGER NOT NULL,
    "permille" INTEGER NOT NULL,
    "response_rate" DOUBLE PRECISION,
    "low" DOUBLE PRECISION NOT NULL,
    "high" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "critical_theme_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "release_campaign_id_key" ON "release"("campaign_id");

-- CreateIndex
CREATE INDEX "release_network_id_idx" ON "release"("network_id");

-- CreateIndex
CREATE INDEX "result_table_network_id_idx" ON "result_table"("network_id");

-- CreateIndex
CREATE INDEX "result_table_organization_id_idx" ON "result_table"("organization_id");

-- CreateIndex
CREATE INDEX "result_table_need_area_id_idx" ON "result_table"("need_area_id");

-- CreateIndex
CREATE UNIQUE INDEX "result_table_release_id_organization_id_position_key" ON "result_table"("release_id", "organization_id", "position");

-- CreateIndex
CREATE INDEX "critical_theme_network_id_idx" ON "critical_theme"("network_id");

-- CreateIndex
CREATE INDEX "critical_theme_organization_id_idx" ON "critical_theme"("organization_id");

-- CreateIndex
CREATE INDEX "critical_theme_need_area_id_idx" ON "critical_theme"("need_area_id");

-- CreateIndex
CREATE UNIQUE INDEX "critical_theme_release_id_organization_id_position_key" ON "critical_theme"("release_id", "organization_id", "position");

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_table" ADD CONSTRAINT "result_table_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_table" ADD CONSTRAINT "result_table_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_table" ADD CONSTRAINT "result_table_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "result_table" ADD CONSTRAINT "result_table_need_area_id_fkey" FOREIGN KEY ("need_area_id") REFERENCES "need_area"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_theme" ADD CONSTRAINT "critical_theme_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_theme" ADD CONSTRAINT "critical_theme_release_id_fkey" FOREIGN KEY ("release_id") REFERENCES "release"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_theme" ADD CONSTRAINT "critical_theme_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "critical_theme" ADD CONSTRAINT "critical_theme_need_area_id_fkey" FOREIGN KEY ("need_area_id") REFERENCES "need_area"("id") ON DELETE SET NULL ON UPDATE CASCADE;
