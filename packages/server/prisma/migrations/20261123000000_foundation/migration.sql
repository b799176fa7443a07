-- CreateEnum
CREATE TYPE "service_status" AS ENUM ('active', 'inactive', 'defunct', 'temporarily closed');

-- CreateEnum
CREATE TYPE "location_type" AS ENUM ('physical', 'postal', 'virtual');

-- CreateEnum
CREATE TYPE "frequency" AS ENUM ('WEEKLY', 'MONTHLY');

-- CreateEnum
CREATE TYPE "weekday" AS ENUM ('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');

-- CreateEnum
CREATE TYPE "need_area_origin" AS ENUM ('stated', 'term');

-- CreateEnum
CREATE TYPE "organization_kind" AS ENUM ('health_authority', 'social_care_consortium', 'municipality', 'social_cooperative', 'volunteer_association', 'company', 'university', 'foundation', 'other');

-- CreateEnum
CREATE TYPE "membership_role" AS ENUM ('lead', 'partner', 'member');

-- CreateEnum
CREATE TYPE "membership_status" AS ENUM ('applied', 'active', 'left');

-- CreateTable
CREATE TABLE "program" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "alternate_name" TEXT,
    "description" TEXT NOT NULL,

    CONSTRAINT "program_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "program_id" UUID,
    "name" TEXT NOT NULL,
    "alternate_name" TEXT,
    "description" TEXT,
    "url" TEXT,
    "email" TEXT,
    "status" "service_status" NOT NULL,
    "interpretation_services" TEXT,
    "application_process" TEXT,
    "fees_description" TEXT,
    "wait_time" TEXT,
    "fees" TEXT,
    "accreditations" TEXT,
    "eligibility_description" TEXT,
    "minimum_age" DOUBLE PRECISION,
    "maximum_age" DOUBLE PRECISION,
    "assured_date" DATE,
    "assurer_email" TEXT,
    "licenses" TEXT,
    "alert" TEXT,
    "last_modified" TIMESTAMPTZ(6),
    "demonstration" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "service_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_at_location" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "location_id" UUID NOT NULL,
    "description" TEXT,

    CONSTRAINT "service_at_location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "location" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "location_type" "location_type" NOT NULL,
    "url" TEXT,
    "organization_id" UUID,
    "name" TEXT,
    "alternate_name" TEXT,
    "description" TEXT,
    "transportation" TEXT,
    "latitude" DOUBLE PRECISION,
    "longitude" DOUBLE PRECISION,
    "external_identifier" TEXT,
    "external_identifier_type" TEXT,
    "municipality_code" CHAR(6),
    "demonstration" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "phone" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "location_id" UUID,
    "service_id" UUID,
    "organization_id" UUID,
    "contact_id" UUID,
    "service_at_location_id" UUID,
    "number" TEXT NOT NULL,
    "extension" DOUBLE PRECISION,
    "type" TEXT,
    "description" TEXT,

    CONSTRAINT "phone_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "organization_id" UUID,
    "service_id" UUID,
    "service_at_location_id" UUID,
    "location_id" UUID,
    "name" TEXT,
    "title" TEXT,
    "department" TEXT,
    "email" TEXT,

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "location_id" UUID,
    "attention" TEXT,
    "address_1" TEXT NOT NULL,
    "address_2" TEXT,
    "city" TEXT NOT NULL,
    "region" TEXT,
    "state_province" TEXT NOT NULL,
    "postal_code" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "address_type" "location_type" NOT NULL,

    CONSTRAINT "address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID,
    "location_id" UUID,
    "service_at_location_id" UUID,
    "valid_from" DATE,
    "valid_to" DATE,
    "dtstart" DATE,
    "timezone" DOUBLE PRECISION,
    "until" DATE,
    "count" INTEGER,
    "wkst" "weekday",
    "freq" "frequency",
    "interval" INTEGER,
    "byday" TEXT,
    "byweekno" TEXT,
    "bymonthday" TEXT,
    "byyearday" TEXT,
    "description" TEXT,
    "opens_at" TEXT,
    "closes_at" TEXT,
    "schedule_link" TEXT,
    "attending_type" TEXT,
    "notes" TEXT,
    "demonstration" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "holiday_schedule" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID,
    "location_id" UUID,
    "start_date" DATE NOT NULL,
    "end_date" DATE NOT NULL,
    "yearly" BOOLEAN NOT NULL,
    "closed" BOOLEAN NOT NULL,
    "opens_at" TEXT,
    "closes_at" TEXT,

    CONSTRAINT "holiday_schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "funding" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "organization_id" UUID,
    "service_id" UUID,
    "source" TEXT,

    CONSTRAINT "funding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_area" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID,
    "service_at_location_id" UUID,
    "name" TEXT,
    "description" TEXT,
    "extent" TEXT,
    "extent_type" TEXT,
    "uri" TEXT,
    "municipality_code" CHAR(6),
    "whole_territory" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "service_area_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "required_document" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID,
    "document" TEXT,
    "uri" TEXT,

    CONSTRAINT "required_document_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "language" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID,
    "location_id" UUID,
    "phone_id" UUID,
    "name" TEXT,
    "code" TEXT,
    "note" TEXT,

    CONSTRAINT "language_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accessibility" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "location_id" UUID,
    "description" TEXT,
    "details" TEXT,
    "url" TEXT,

    CONSTRAINT "accessibility_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cost_option" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "valid_from" DATE,
    "valid_to" DATE,
    "option" TEXT,
    "currency" TEXT,
    "amount" DOUBLE PRECISION,
    "amount_description" TEXT,

    CONSTRAINT "cost_option_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organization_identifier" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "identifier_scheme" TEXT,
    "identifier_type" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,

    CONSTRAINT "organization_identifier_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "url" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "organization_id" UUID,
    "service_id" UUID,
    "label" TEXT,
    "url" TEXT NOT NULL,

    CONSTRAINT "url_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unit" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scheme" TEXT,
    "identifier" TEXT,
    "uri" TEXT,

    CONSTRAINT "unit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service_capacity" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "service_id" UUID,
    "unit_id" UUID,
    "available" DOUBLE PRECISION NOT NULL,
    "maximum" DOUBLE PRECISION,
    "description" TEXT,
    "updated" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "service_capacity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "taxonomy" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "uri" TEXT,
    "version" TEXT,

    CONSTRAINT "taxonomy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "taxonomy_term" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "code" TEXT,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "parent_id" UUID,
    "taxonomy" TEXT,
    "language" TEXT,
    "taxonomy_id" UUID,
    "term_uri" TEXT,

    CONSTRAINT "taxonomy_term_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "attribute" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "link_id" UUID,
    "link_entity" TEXT,
    "taxonomy_term_id" UUID,
    "link_type" TEXT,
    "value" TEXT,
    "label" TEXT,

    CONSTRAINT "attribute_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "metadata" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "resource_id" UUID,
    "resource_type" TEXT,
    "last_action_date" DATE NOT NULL,
    "last_action_type" TEXT NOT NULL,
    "field_name" TEXT NOT NULL,
    "previous_value" TEXT NOT NULL,
    "replacement_value" TEXT NOT NULL,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "metadata_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meta_table_description" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "name" TEXT,
    "language" TEXT,
    "character_set" TEXT,

    CONSTRAINT "meta_table_description_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "need_area" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "parent_id" UUID,
    "position" INTEGER NOT NULL,
    "name_it" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "description_it" TEXT,
    "description_en" TEXT,

    CONSTRAINT "need_area_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "need_area_term" (
    "network_id" UUID NOT NULL,
    "need_area_id" UUID NOT NULL,
    "taxonomy_term_id" UUID NOT NULL,

    CONSTRAINT "need_area_term_pkey" PRIMARY KEY ("need_area_id","taxonomy_term_id")
);

-- CreateTable
CREATE TABLE "service_need_area" (
    "network_id" UUID NOT NULL,
    "service_id" UUID NOT NULL,
    "need_area_id" UUID NOT NULL,
    "origin" "need_area_origin" NOT NULL,

    CONSTRAINT "service_need_area_pkey" PRIMARY KEY ("service_id","need_area_id")
);

-- CreateTable
CREATE TABLE "network" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "territory_name" TEXT,
    "demonstration" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "network_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "municipality" (
    "istat_code" CHAR(6) NOT NULL,
    "name" TEXT NOT NULL,
    "cadastral_code" CHAR(4) NOT NULL,
    "province" CHAR(2) NOT NULL,

    CONSTRAINT "municipality_pkey" PRIMARY KEY ("istat_code")
);

-- CreateTable
CREATE TABLE "network_municipality" (
    "network_id" UUID NOT NULL,
    "istat_code" CHAR(6) NOT NULL,
    "area" TEXT,

    CONSTRAINT "network_municipality_pkey" PRIMARY KEY ("network_id","istat_code")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "uuid" UUID NOT NULL,
    "kind" "organization_kind" NOT NULL DEFAULT 'other',
    "name" TEXT NOT NULL,
    "alternate_name" TEXT,
    "description" TEXT NOT NULL,
    "email" TEXT,
    "website" TEXT,
    "tax_status" TEXT,
    "tax_id" TEXT,
    "year_incorporated" INTEGER,
    "legal_status" TEXT,
    "logo" TEXT,
    "uri" TEXT,
    "parent_organization_id" UUID,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "role" "membership_role" NOT NULL,
    "status" "membership_status" NOT NULL,
    "applied_on" DATE NOT NULL,
    "decided_on" DATE,
    "decided_by" TEXT,
    "left_on" DATE,
    "left_reason" TEXT,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "phase" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE,

    CONSTRAINT "phase_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "network_event" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE,
    "venue" TEXT,
    "municipality_code" CHAR(6),

    CONSTRAINT "network_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "program_organization_id_idx" ON "program"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "program_network_id_uuid_key" ON "program"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "service_network_id_name_id_idx" ON "service"("network_id", "name", "id");

-- CreateIndex
CREATE INDEX "service_organization_id_idx" ON "service"("organization_id");

-- CreateIndex
CREATE INDEX "service_program_id_idx" ON "service"("program_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_network_id_uuid_key" ON "service"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "service_at_location_service_id_idx" ON "service_at_location"("service_id");

-- CreateIndex
CREATE INDEX "service_at_location_location_id_idx" ON "service_at_location"("location_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_at_location_network_id_uuid_key" ON "service_at_location"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "location_municipality_code_idx" ON "location"("municipality_code");

-- CreateIndex
CREATE INDEX "location_organization_id_idx" ON "location"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "location_network_id_uuid_key" ON "location"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "phone_location_id_idx" ON "phone"("location_id");

-- CreateIndex
CREATE INDEX "phone_service_id_idx" ON "phone"("service_id");

-- CreateIndex
CREATE INDEX "phone_organization_id_idx" ON "phone"("organization_id");

-- CreateIndex
CREATE INDEX "phone_contact_id_idx" ON "phone"("contact_id");

-- CreateIndex
CREATE INDEX "phone_service_at_location_id_idx" ON "phone"("service_at_location_id");

-- CreateIndex
CREATE UNIQUE INDEX "phone_network_id_uuid_key" ON "phone"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "contact_organization_id_idx" ON "contact"("organization_id");

-- CreateIndex
CREATE INDEX "contact_service_id_idx" ON "contact"("service_id");

-- CreateIndex
CREATE INDEX "contact_service_at_location_id_idx" ON "contact"("service_at_location_id");

-- CreateIndex
CREATE INDEX "contact_location_id_idx" ON "contact"("location_id");

-- CreateIndex
CREATE UNIQUE INDEX "contact_network_id_uuid_key" ON "contact"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "address_location_id_idx" ON "address"("location_id");

-- CreateIndex
CREATE UNIQUE INDEX "address_network_id_uuid_key" ON "address"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "schedule_service_id_idx" ON "schedule"("service_id");

-- CreateIndex
CREATE INDEX "schedule_location_id_idx" ON "schedule"("location_id");

-- CreateIndex
CREATE INDEX "schedule_service_at_location_id_idx" ON "schedule"("service_at_location_id");

-- CreateIndex
CREATE UNIQUE INDEX "schedule_network_id_uuid_key" ON "schedule"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "holiday_schedule_service_id_idx" ON "holiday_schedule"("service_id");

-- CreateIndex
CREATE INDEX "holiday_schedule_location_id_idx" ON "holiday_schedule"("location_id");

-- CreateIndex
CREATE UNIQUE INDEX "holiday_schedule_network_id_uuid_key" ON "holiday_schedule"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "funding_organization_id_idx" ON "funding"("organization_id");

-- CreateIndex
CREATE INDEX "funding_service_id_idx" ON "funding"("service_id");

-- CreateIndex
CREATE UNIQUE INDEX "funding_network_id_uuid_key" ON "funding"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "service_area_municipality_code_idx" ON "service_area"("municipality_code");

-- CreateIndex
CREATE INDEX "service_area_service_id_idx" ON "service_area"("service_id");

-- CreateIndex
CREATE INDEX "service_area_service_at_location_id_idx" ON "service_area"("service_at_location_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_area_network_id_uuid_key" ON "service_area"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "required_document_service_id_idx" ON "required_document"("service_id");

-- CreateIndex
CREATE UNIQUE INDEX "required_document_network_id_uuid_key" ON "required_document"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "language_service_id_idx" ON "language"("service_id");

-- CreateIndex
CREATE INDEX "language_location_id_idx" ON "language"("location_id");

-- CreateIndex
CREATE INDEX "language_phone_id_idx" ON "language"("phone_id");

-- CreateIndex
CREATE UNIQUE INDEX "language_network_id_uuid_key" ON "language"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "accessibility_location_id_idx" ON "accessibility"("location_id");

-- CreateIndex
CREATE UNIQUE INDEX "accessibility_network_id_uuid_key" ON "accessibility"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "cost_option_service_id_idx" ON "cost_option"("service_id");

-- CreateIndex
CREATE UNIQUE INDEX "cost_option_network_id_uuid_key" ON "cost_option"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "organization_identifier_organization_id_idx" ON "organization_identifier"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "organization_identifier_network_id_uuid_key" ON "organization_identifier"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "url_organization_id_idx" ON "url"("organization_id");

-- CreateIndex
CREATE INDEX "url_service_id_idx" ON "url"("service_id");

-- CreateIndex
CREATE UNIQUE INDEX "url_network_id_uuid_key" ON "url"("network_id", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "unit_network_id_uuid_key" ON "unit"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "service_capacity_service_id_idx" ON "service_capacity"("service_id");

-- CreateIndex
CREATE INDEX "service_capacity_unit_id_idx" ON "service_capacity"("unit_id");

-- CreateIndex
CREATE UNIQUE INDEX "service_capacity_network_id_uuid_key" ON "service_capacity"("network_id", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "taxonomy_network_id_uuid_key" ON "taxonomy"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "taxonomy_term_parent_id_idx" ON "taxonomy_term"("parent_id");

-- CreateIndex
CREATE INDEX "taxonomy_term_taxonomy_id_idx" ON "taxonomy_term"("taxonomy_id");

-- CreateIndex
CREATE UNIQUE INDEX "taxonomy_term_network_id_uuid_key" ON "taxonomy_term"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "attribute_link_id_idx" ON "attribute"("link_id");

-- CreateIndex
CREATE INDEX "attribute_taxonomy_term_id_idx" ON "attribute"("taxonomy_term_id");

-- CreateIndex
CREATE UNIQUE INDEX "attribute_network_id_uuid_key" ON "attribute"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "metadata_resource_id_idx" ON "metadata"("resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "metadata_network_id_uuid_key" ON "metadata"("network_id", "uuid");

-- CreateIndex
CREATE UNIQUE INDEX "meta_table_description_network_id_uuid_key" ON "meta_table_description"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "need_area_parent_id_idx" ON "need_area"("parent_id");

-- CreateIndex
CREATE UNIQUE INDEX "need_area_network_id_code_key" ON "need_area"("network_id", "code");

-- CreateIndex
CREATE INDEX "need_area_term_network_id_idx" ON "need_area_term"("network_id");

-- CreateIndex
CREATE INDEX "need_area_term_taxonomy_term_id_idx" ON "need_area_term"("taxonomy_term_id");

-- CreateIndex
CREATE INDEX "service_need_area_network_id_idx" ON "service_need_area"("network_id");

-- CreateIndex
CREATE INDEX "service_need_area_need_area_id_idx" ON "service_need_area"("need_area_id");

-- CreateIndex
CREATE UNIQUE INDEX "network_slug_key" ON "network"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "municipality_cadastral_code_key" ON "municipality"("cadastral_code");

-- CreateIndex
CREATE INDEX "municipality_name_idx" ON "municipality"("name");

-- CreateIndex
CREATE INDEX "network_municipality_istat_code_idx" ON "network_municipality"("istat_code");

-- CreateIndex
CREATE INDEX "organization_network_id_name_id_idx" ON "organization"("network_id", "name", "id");

-- CreateIndex
CREATE INDEX "organization_parent_organization_id_idx" ON "organization"("parent_organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "organization_network_id_uuid_key" ON "organization"("network_id", "uuid");

-- CreateIndex
CREATE INDEX "membership_network_id_role_idx" ON "membership"("network_id", "role");

-- CreateIndex
CREATE INDEX "membership_organization_id_idx" ON "membership"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "phase_network_id_position_key" ON "phase"("network_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "network_event_network_id_starts_on_name_key" ON "network_event"("network_id", "starts_on", "name");

-- AddForeignKey
ALTER TABLE "program" ADD CONSTRAINT "program_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "program" ADD CONSTRAINT "program_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service" ADD CONSTRAINT "service_program_id_fkey" FOREIGN KEY ("program_id") REFERENCES "program"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_at_location" ADD CONSTRAINT "service_at_location_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_at_location" ADD CONSTRAINT "service_at_location_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_at_location" ADD CONSTRAINT "service_at_location_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "location" ADD CONSTRAINT "location_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "location" ADD CONSTRAINT "location_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "location" ADD CONSTRAINT "location_municipality_code_fkey" FOREIGN KEY ("municipality_code") REFERENCES "municipality"("istat_code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone" ADD CONSTRAINT "phone_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone" ADD CONSTRAINT "phone_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone" ADD CONSTRAINT "phone_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone" ADD CONSTRAINT "phone_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone" ADD CONSTRAINT "phone_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phone" ADD CONSTRAINT "phone_service_at_location_id_fkey" FOREIGN KEY ("service_at_location_id") REFERENCES "service_at_location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_service_at_location_id_fkey" FOREIGN KEY ("service_at_location_id") REFERENCES "service_at_location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address" ADD CONSTRAINT "address_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_service_at_location_id_fkey" FOREIGN KEY ("service_at_location_id") REFERENCES "service_at_location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holiday_schedule" ADD CONSTRAINT "holiday_schedule_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holiday_schedule" ADD CONSTRAINT "holiday_schedule_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "holiday_schedule" ADD CONSTRAINT "holiday_schedule_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "funding" ADD CONSTRAINT "funding_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "funding" ADD CONSTRAINT "funding_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "funding" ADD CONSTRAINT "funding_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_area" ADD CONSTRAINT "service_area_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_area" ADD CONSTRAINT "service_area_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_area" ADD CONSTRAINT "service_area_service_at_location_id_fkey" FOREIGN KEY ("service_at_location_id") REFERENCES "service_at_location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_area" ADD CONSTRAINT "service_area_municipality_code_fkey" FOREIGN KEY ("municipality_code") REFERENCES "municipality"("istat_code") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "required_document" ADD CONSTRAINT "required_document_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "required_document" ADD CONSTRAINT "required_document_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language" ADD CONSTRAINT "language_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language" ADD CONSTRAINT "language_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language" ADD CONSTRAINT "language_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "language" ADD CONSTRAINT "language_phone_id_fkey" FOREIGN KEY ("phone_id") REFERENCES "phone"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accessibility" ADD CONSTRAINT "accessibility_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accessibility" ADD CONSTRAINT "accessibility_location_id_fkey" FOREIGN KEY ("location_id") REFERENCES "location"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cost_option" ADD CONSTRAINT "cost_option_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cost_option" ADD CONSTRAINT "cost_option_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organization_identifier" ADD CONSTRAINT "organization_identifier_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organization_identifier" ADD CONSTRAINT "organization_identifier_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "url" ADD CONSTRAINT "url_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "url" ADD CONSTRAINT "url_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "url" ADD CONSTRAINT "url_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unit" ADD CONSTRAINT "unit_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_capacity" ADD CONSTRAINT "service_capacity_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_capacity" ADD CONSTRAINT "service_capacity_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_capacity" ADD CONSTRAINT "service_capacity_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "unit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "taxonomy" ADD CONSTRAINT "taxonomy_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "taxonomy_term" ADD CONSTRAINT "taxonomy_term_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "taxonomy_term" ADD CONSTRAINT "taxonomy_term_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "taxonomy_term"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "taxonomy_term" ADD CONSTRAINT "taxonomy_term_taxonomy_id_fkey" FOREIGN KEY ("taxonomy_id") REFERENCES "taxonomy"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attribute" ADD CONSTRAINT "attribute_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attribute" ADD CONSTRAINT "attribute_taxonomy_term_id_fkey" FOREIGN KEY ("taxonomy_term_id") REFERENCES "taxonomy_term"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metadata" ADD CONSTRAINT "metadata_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meta_table_description" ADD CONSTRAINT "meta_table_description_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "need_area" ADD CONSTRAINT "need_area_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "need_area" ADD CONSTRAINT "need_area_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "need_area"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "need_area_term" ADD CONSTRAINT "need_area_term_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "need_area_term" ADD CONSTRAINT "need_area_term_need_area_id_fkey" FOREIGN KEY ("need_area_id") REFERENCES "need_area"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "need_area_term" ADD CONSTRAINT "need_area_term_taxonomy_term_id_fkey" FOREIGN KEY ("taxonomy_term_id") REFERENCES "taxonomy_term"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_need_area" ADD CONSTRAINT "service_need_area_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_need_area" ADD CONSTRAINT "service_need_area_service_id_fkey" FOREIGN KEY ("service_id") REFERENCES "service"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_need_area" ADD CONSTRAINT "service_need_area_need_area_id_fkey" FOREIGN KEY ("need_area_id") REFERENCES "need_area"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "network_municipality" ADD CONSTRAINT "network_municipality_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "network_municipality" ADD CONSTRAINT "network_municipality_istat_code_fkey" FOREIGN KEY ("istat_code") REFERENCES "municipality"("istat_code") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organization" ADD CONSTRAINT "organization_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "organization" ADD CONSTRAINT "organization_parent_organization_id_fkey" FOREIGN KEY ("parent_organization_id") REFERENCES "organization"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "phase" ADD CONSTRAINT "phase_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "network_event" ADD CONSTRAINT "network_event_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "network"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "network_event" ADD CONSTRAINT "network_event_municipality_code_fkey" FOREIGN KEY ("municipality_code") REFERENCES "municipality"("istat_code") ON DELETE SET NULL ON UPDATE CASCADE;
