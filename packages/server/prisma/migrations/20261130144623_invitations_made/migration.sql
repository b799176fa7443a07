-- AlterTable
ALTER TABLE "campaign_organization" ADD COLUMN     "invitations_made" INTEGER NOT NULL DEFAULT 0;

-- Those that were made for campaigns that are not closed.
UPDATE campaign_organization asked SET invitations_made = made.count
FROM (SELECT campaign_id, organization_id, count(*)::integer FROM invitation GROUP BY 1, 2) made
WHERE made.campaign_id = asked.campaign_id AND made.organization_id = asked.organization_id;
