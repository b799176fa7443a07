-- CreateEnum
CREATE TYPE "campaign_status" AS ENUM ('draft', 'open', 'closed', 'released');

-- CreateTable
CREATE TABLE "survey" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "record_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "survey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "survey_version" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "survey_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "record_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "survey_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "survey_version_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "status" "campaign_status" NOT NULL DEFAULT 'draft',
    "opens_at" TIMESTAMPTZ(3) NOT NULL,
    "closes_at" TIMESTAMPTZ(3) NOT NULL,
    "plan" JSONB NOT NULL,
    "thresholds" JSONB NOT NULL,
    "earlier_campaign_id" UUID,
    "demonstration" BOOLEAN NOT NULL DEFAULT false,
    "record_version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_organization" (
    "network_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "head_count" INTEGER NOT NULL,
    "joiners" INTEGER,
    "leavers" INTEGER,
    "public_key" BYTEA NOT NULL,
    "private_key" BYTEA,
    "sealed_with" TEXT,

    CONSTRAINT "campaign_organization_pkey" PRIMARY KEY ("campaign_id","organization_id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "code_hash" BYTEA NOT NULL,
    "network_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "blinded_hash" BYTEA,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("code_hash")
);

-- CreateTable
CREATE TABLE "spent_credential" (
    "campaign_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,
    "fingerprint" BYTEA NOT NULL,

    CONSTRAINT "spent_credential_pkey" PRIMARY KEY ("campaign_id","hash")
);

-- CreateTable
CREATE TABLE "response" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "network_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "answers" INTEGER[],

    CONSTRAINT "response_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "response_text" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "network_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "question" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "response_text_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "survey_network_id_idx" ON "survey"("network_id");

-- CreateIndex
CREATE INDEX "survey_organization_id_idx" ON "survey"("organization_id");

-- CreateIndex
CREATE INDEX "survey_version_network_id_idx" ON "survey_version"("network_id");

-- CreateIndex
CREATE UNIQUE INDEX "survey_version_survey_id_number_key" ON "survey_version"("survey_id", "number");

-- CreateIndex
CREATE INDEX "campaign_network_id_idx" ON "campaign"("network_id");

-- CreateIndex
CREATE INDEX "campaign_organization_id_idx" ON "campaign"("organization_id");

-- CreateIndex
CREATE INDEX "campaign_survey_version_id_idx" ON "campaign"("survey_version_id");

-- CreateIndex
CREATE INDEX "campaign_earlier_campaign_id_idx" ON "campaign"("earlier_campaign_id");

-- CreateIndex
CREATE INDEX "campaign_organization_network_id_idx" ON "campaign_organization"("network_id");

-- CreateIndex
CREATE INDEX "campaign_organization_organization_id_idx" ON "campaign_organization"("organization_id");

-- CreateIndex
CREATE INDEX "invitation_campaign_id_organization_id_idx" ON "invitation"("campaign_id", "organization_id");

-- CreateIndex
CREATE INDEX "invitation_network_id_idx" ON "invitation"("network_id");

-- CreateIndex
CREATE INDEX "response_campaign_id_organization_id_idx" ON "response"("campaign_id", "organization_id");

-- CreateIndex
CREATE INDEX "response_network_id_idx" ON "response"("network_id");

-- CreateIndex
CREATE INDEX "response_text_campaign_id_question_idx" ON "response_text"("campaign_id", "question");

-- CreateIndex
CREATE INDEX "response_text_network_id_idx" ON "response_text"("network_id");

-- AddForeignKey
ALTER TABLE "survey" ADD CONSTRAINT "survey_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey" ADD CONSTRAINT "survey_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_version" ADD CONSTRAINT "survey_version_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_version" ADD CONSTRAINT "survey_version_survey_id_fkey" FOREIGN KEY ("survey_id") REFERENCES "survey"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_survey_version_id_fkey" FOREIGN KEY ("survey_version_id") REFERENCES "survey_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_earlier_campaign_id_fkey" FOREIGN KEY ("earlier_campaign_id") REFERENCES "campaign"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_organization" ADD CONSTRAINT "campaign_organization_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_organization" ADD CONSTRAINT "campaign_organization_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_organization" ADD CONSTRAINT "campaign_organization_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "spent_credential" ADD CONSTRAINT "spent_credential_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response" ADD CONSTRAINT "response_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response" ADD CONSTRAINT "response_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response_text" ADD CONSTRAINT "response_text_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "response_text" ADD CONSTRAINT "response_text_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
