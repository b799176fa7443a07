-- CreateTable
CREATE TABLE "opening" (
    "schedule_id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "service_id" UUID,
    "location_id" UUID,
    "service_at_location_id" UUID,
    "weekday" SMALLINT NOT NULL,
    "opens" SMALLINT NOT NULL,
    "closes" SMALLINT NOT NULL,
    "fixed" BOOLEAN NOT NULL,
    "day_shift" SMALLINT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "monthly" BOOLEAN NOT NULL,
    "every" INTEGER NOT NULL,
    "anchor" DATE,
    "week_start" SMALLINT NOT NULL,
    "ordinals" SMALLINT[],
    "month_days" SMALLINT[],
    "year_days" SMALLINT[],
    "weeks" SMALLINT[],

    CONSTRAINT "opening_pkey" PRIMARY KEY ("schedule_id","weekday")
);

-- CreateIndex
CREATE INDEX "opening_service_id_idx" ON "opening"("service_id");

-- CreateIndex
CREATE INDEX "opening_location_id_idx" ON "opening"("location_id");

-- CreateIndex
CREATE INDEX "opening_service_at_location_id_idx" ON "opening"("service_at_location_id");
